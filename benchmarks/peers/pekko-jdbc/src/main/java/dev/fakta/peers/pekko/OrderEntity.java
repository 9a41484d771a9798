// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.pekko;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.Recovery;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;

/// The actor of one order; its state is empty until the order is placed.
final class OrderEntity
        extends EventSourcedBehaviorWithEnforcedReplies<
                OrderEntity.Command, OrderEntity.Event, Optional<Order>> {

    static final EntityTypeKey<Command> KEY = EntityTypeKey.create(Command.class, "order");

    private final String id;

    sealed interface Command extends JsonSerializable {}

    record Create(Created order, ActorRef<StatusReply<Order>> replyTo) implements Command {}

    record Find(ActorRef<StatusReply<Order>> replyTo) implements Command {}

    sealed interface Event extends JsonSerializable {}

    record Created(
            String customerId,
            String email,
            List<PricedLine> lines,
            PlaceOrder.Shipping shipping,
            PlaceOrder.Payment payment,
            Totals totals,
            Instant placedAt)
            implements Event {

        Created {
            lines = List.copyOf(lines);
        }
    }

    private OrderEntity(String id) {
        super(
                PersistenceId.of(KEY.name(), id),
                SupervisorStrategy.restartWithBackoff(
                        Duration.ofMillis(200), Duration.ofSeconds(5), 0.1));
        this.id = id;
    }

    static Behavior<Command> create(EntityContext<Command> context) {
        return new OrderEntity(context.getEntityId());
    }

    @Override
    public Optional<Order> emptyState() {
        return Optional.empty();
    }

    /// No snapshots: an order has few events, and asking for one costs each new order a query.
    @Override
    public Recovery recovery() {
        return Recovery.withSnapshotSelectionCriteria(SnapshotSelectionCriteria.none());
    }

    @Override
    public CommandHandlerWithReply<Command, Event, Optional<Order>> commandHandler() {
        return newCommandHandlerWithReplyBuilder()
                .forAnyState()
                .onCommand(Create.class, this::onCreate)
                .onCommand(Find.class, this::onFind)
                .build();
    }

    @Override
    public EventHandler<Optional<Order>, Event> eventHandler() {
        return newEventHandlerBuilder()
                .forAnyState()
                .onEvent(Created.class, event -> Optional.of(Order.of(id, event)))
                .build();
    }

    private ReplyEffect<Event, Optional<Order>> onCreate(Optional<Order> order, Create command) {
        return order.isPresent()
                ? Effect().reply(command.replyTo(), StatusReply.error("the order exists"))
                : Effect()
                        .persist(command.order())
                        .thenReply(
                                command.replyTo(),
                                placed -> StatusReply.success(placed.orElseThrow()));
    }

    private ReplyEffect<Event, Optional<Order>> onFind(Optional<Order> order, Find command) {
        return Effect()
                .reply(
                        command.replyTo(),
                        order.map(StatusReply::success)
                                .orElseGet(() -> StatusReply.error("there is no such order")));
    }
}
