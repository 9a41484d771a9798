// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaState;
import dev.fakta.runtime.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/// Some microsystems together, in memory and in virtual time, where nothing goes wrong: what a test
/// does is followed by all that its aggregates, sagas, couriers and processors make of it at once,
/// and time passes when the test says so. For examples of what several of them do together; what
/// they do when things go wrong is for a [Simulation].
///
/// ```java
/// var shop = CalmWorld.of(Orders.MICROSYSTEM, Stock.MICROSYSTEM);
/// shop.send(Order.AGGREGATE, "o-1", new PlaceOrder(2));
/// assertThat(shop.state(StockItem.AGGREGATE, "tea").reserved()).isEqualTo(2);
/// shop.pass(Duration.ofMinutes(15));
/// ```
///
/// It is noon on 1 July 2026, UTC. Used by one thread.
public final class CalmWorld {

    /// More steps than anything that ends takes.
    private static final int MOST_STEPS = 100_000;

    private final World world = new World(0, false);

    private CalmWorld() {}

    public static CalmWorld of(Microsystem... microsystems) {
        CalmWorld calm = new CalmWorld();
        for (Microsystem microsystem : microsystems) {
            calm.world.with(microsystem);
        }
        calm.happen(); // from here on nothing goes wrong
        return calm;
    }

    /// Sends a command, and has everything happen that follows at once.
    public <C, S> Reply<S> send(Aggregate<C, ?, S> aggregate, String id, C command) {
        AtomicReference<Reply<S>> answer = new AtomicReference<>();
        world.send(aggregate, id, command, answer::set);
        happen();
        return answer.get();
    }

    /// Has a processor work on a request, and has everything happen that follows at once.
    ///
    /// @param permissions of the caller
    public <R> Reply<Object> process(
            Processor<R, ?> processor, String id, R request, String... permissions) {
        AtomicReference<Reply<Object>> answer = new AtomicReference<>();
        world.process(processor, id, request, Set.of(permissions), answer::set);
        happen();
        return answer.get();
    }

    /// Lets time pass, and has everything happen that falls due meanwhile, in its order.
    ///
    /// @throws AssertionError when there is no end to it
    public void pass(Duration time) {
        Instant end = world.now().plus(time);
        for (int i = 0; world.now().isBefore(end); i++) {
            if (i == MOST_STEPS) {
                throw new AssertionError("more than %,d timers are due".formatted(MOST_STEPS));
            }
            world.advance(end);
            happen();
        }
    }

    private void happen() {
        for (int i = 0; world.happen(i); i++) {
            if (i == MOST_STEPS) {
                throw new AssertionError(
                        "something still happens after %,d steps".formatted(MOST_STEPS));
            }
        }
    }

    public Instant now() {
        return world.now();
    }

    /// The state of an aggregate; its initial one when it has no events.
    public <S> S state(Aggregate<?, ?, S> aggregate, String id) {
        return world.state(aggregate, id);
    }

    /// The events of an aggregate, in their order.
    public List<Object> events(Aggregate<?, ?, ?> aggregate, String id) {
        return world.events(aggregate, id);
    }

    /// The alarms of a clock that are set; see [World#alarms].
    public Map<String, Instant> alarms(AlarmClock clock) {
        return world.alarms(clock);
    }

    /// The instances of a saga that have begun.
    public <S> Map<String, SagaState<S>> instances(Saga<?, S> saga) {
        return world.instances(saga);
    }

    /// The errands that are not done though they were run again and again, as `COURIER ID`, with
    /// the reason of the last time.
    public Map<String, String> stuckErrands() {
        return world.stuckErrands();
    }
}
