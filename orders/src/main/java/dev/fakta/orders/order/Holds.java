// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.orders.order.Order.Command.PlaceHold;
import dev.fakta.orders.order.Order.Command.ReleaseHold;
import org.jspecify.annotations.Nullable;

/// Holds that people place on an order and release. How long its stock is kept follows from when
/// they do, so the order is told the time ([Review]).
public final class Holds {

    /// A request to hold an order.
    public record Placing(@Nullable String kind, @Nullable String reason) {}

    /// A request to end a hold.
    ///
    /// @param kind a parameter of the path
    public record Releasing(@Nullable String kind) {}

    public static final Processor<Placing, Order.Command> PLACE =
            Processor.named("hold-order")
                    .taking(Placing.class)
                    .sendingTo(Order.AGGREGATE)
                    .processing(
                            (hold, context) ->
                                    new Outcome.Send<>(
                                            new PlaceHold(hold.kind, hold.reason, context.now())));

    public static final Processor<Releasing, Order.Command> RELEASE =
            Processor.named("release-order")
                    .taking(Releasing.class)
                    .sendingTo(Order.AGGREGATE)
                    .processing(
                            (hold, context) ->
                                    new Outcome.Send<>(new ReleaseHold(hold.kind, context.now())));

    private Holds() {}
}
