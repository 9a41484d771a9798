// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.At;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Progress;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaInput;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.Order.Attention.Topic;
import dev.fakta.orders.order.Order.Event.Moving;
import dev.fakta.orders.order.Standing.Counterpart;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiFunction;

/// Carries what an order wants to those who can do it, and what they make of it back to the order:
/// one saga per kind of counterpart, one instance per order.
///
/// A courier has no book of its own. It is called whenever the order says that it wants something
/// which the counterpart has not answered yet, and whenever the counterpart has something to say by
/// itself. Then it has one errand: its processor reads what the order wants now, tells it in
/// absolute terms, and takes the answer to the order. There is one errand at a time, so that
/// answers come in their order; whoever calls meanwhile has it set out once more. What an errand is
/// refused is for people, and stands among the order's attentions.
///
/// @param isCalledAgain whether somebody has called since it set out
record Courier(boolean isCalledAgain) {

    private static final String ERRAND = "carry";
    private static final String RAISE = "raise-attention";

    /// Whether an order still waits for something is the order's to say, not its couriers'.
    private static final Duration PATIENCE = Duration.ofDays(3_650);

    /// An errand. It looks at all that the counterparts hold for the order, and never only at what
    /// the order has not heard of yet: the one before may have ended between telling a counterpart
    /// and telling the order, and the order may want something else since.
    record Errand() {}

    /// Somebody has called while the courier was on its way; or it sets out because of that.
    record Called(boolean again) {}

    /// The saga, hearing what its order wants of the counterpart.
    ///
    /// @param refused what people are asked to look at when an errand is refused
    /// @param errand for the order with the id that the processor is given
    /// @param orderOf the id of the order that an event of the counterpart is about
    static Saga<Called, Courier> saga(
            String name,
            Counterpart counterpart,
            Topic refused,
            Processor<Errand, Order.Command> errand,
            BiFunction<Object, At, String> orderOf) {
        return saga(name, counterpart, refused, Set.of(), errand, orderOf);
    }

    /// The same for an errand that can be overtaken.
    ///
    /// @param overtaken the refusals that say so; whatever overtook it calls the courier again
    static Saga<Called, Courier> saga(
            String name,
            Counterpart counterpart,
            Topic refused,
            Set<String> overtaken,
            Processor<Errand, Order.Command> errand,
            BiFunction<Object, At, String> orderOf) {
        Saga<Called, Courier> saga =
                Saga.named(name)
                        .startingAs(new Courier(false))
                        .<Called>reacting(
                                (courier, input, progress) ->
                                        courier.react(input, progress, overtaken, orderOf))
                        .evolving((_, called) -> new Courier(called.again()))
                        .patience(PATIENCE)
                        .event(name + "-called-again", Called.class)
                        .step(
                                Step.<Courier>named(ERRAND)
                                        .doing(
                                                (_, order) ->
                                                        Send.through(errand, order, new Errand())))
                        .step(Step.<Courier>named(RAISE).doing((_, key) -> raise(refused, key)));
        for (Class<? extends Moving> type : Order.moving()) {
            saga = hearing(saga, type, counterpart);
        }
        return saga;
    }

    private static <T extends Moving> Saga<Called, Courier> hearing(
            Saga<Called, Courier> saga, Class<T> type, Counterpart counterpart) {
        return saga.on(type, (event, at) -> event.standing().tells(counterpart) ? at.id() : null);
    }

    private Reaction<Called> react(
            SagaInput input,
            Progress progress,
            Set<String> overtaken,
            BiFunction<Object, At, String> orderOf) {
        return switch (input) {
            case SagaInput.Happened(Order.Event _, At at) -> call(at.id(), progress);
            case SagaInput.Happened(Object event, At at) ->
                    call(orderOf.apply(event, at), progress);
            case SagaInput.Done(var step, var order) when step.equals(ERRAND) -> setOutAgain(order);
            case SagaInput.Refused(var step, var order, var rejection, _)
                    when step.equals(ERRAND) ->
                    overtaken.contains(rejection)
                            ? setOutAgain(order)
                            : setOutAgain(order).run(RAISE, rejection + " " + order);
            default -> Reaction.nothing();
        };
    }

    private Reaction<Called> call(String order, Progress progress) {
        if (progress.isOpen(ERRAND)) {
            return isCalledAgain ? Reaction.nothing() : Reaction.record(new Called(true));
        }
        return Reaction.<Called>nothing().run(ERRAND, order);
    }

    private Reaction<Called> setOutAgain(String order) {
        return isCalledAgain
                ? Reaction.record(new Called(false)).run(ERRAND, order)
                : Reaction.nothing();
    }

    private static Send<?> raise(Topic refused, String key) {
        int end = key.indexOf(' ');
        return Send.to(
                Order.AGGREGATE,
                key.substring(end + 1),
                new Order.Command.RaiseAttention(refused, key.substring(0, end)));
    }
}
