// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.UnitLedger.Returning;
import dev.fakta.orders.returns.Return;
import dev.fakta.orders.returns.ReturnProcessors;
import dev.fakta.testkit.World;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Who sends units back and who looks at them, and what must hold of that.
final class ReturnsDesk {

    private static final int MOST_RETURNS = 5;

    private final World world;
    private int sent;

    ReturnsDesk(World world) {
        this.world = world;
    }

    /// Sends something back of an order that has arrived, a few times in all.
    boolean sendBack(RandomGenerator random) {
        if (sent == MOST_RETURNS || random.nextInt(3) == 0) {
            return false;
        }
        for (Map.Entry<String, Order> each : world.states(Order.AGGREGATE).entrySet()) {
            boolean hasCome = each.getValue().units().deliveredAt() != null;
            if (hasCome && random.nextBoolean()) {
                world.process(
                        ReturnProcessors.REQUEST,
                        "return-" + ++sent,
                        new ReturnProcessors.Wish(
                                each.getKey(), OrdersWorld.oneUnit(random), "does not fit"));
                return true;
            }
        }
        return false;
    }

    /// Goes a step on with the first return that is under way.
    boolean inspect(RandomGenerator random) {
        for (Map.Entry<String, Return> each : world.states(Return.AGGREGATE).entrySet()) {
            String id = each.getKey();
            switch (each.getValue().stage()) {
                case REQUESTED -> {
                    world.send(Return.AGGREGATE, id, new Return.Command.ApproveReturn());
                    return true;
                }
                case APPROVED -> {
                    world.process(
                            ReturnProcessors.RECEIVE, id, new Return.Command.RecordReceived(null));
                    return true;
                }
                case RECEIVED -> {
                    List<Return.Inspected> all =
                            each.getValue().received().stream()
                                    .map(
                                            units ->
                                                    new Return.Inspected(
                                                            units.line(), units.quantity(), 0))
                                    .toList();
                    world.send(Return.AGGREGATE, id, new Return.Command.Inspect(all, null));
                    return true;
                }
                case INSPECTED, CLOSED, REJECTED, EXPIRED, ABANDONED -> {}
            }
        }
        return false;
    }

    void everyReturnEnds() {
        world.states(Return.AGGREGATE)
                .forEach(
                        (id, one) ->
                                assertThat(one.stage())
                                        .as("%s of %s", id, one.request())
                                        .isNotEqualTo(Return.Stage.INSPECTED));
    }

    /// What an order keeps for a return that nobody has made could never be sent back.
    void unitsAreSetAsideForReturns() {
        world.states(Order.AGGREGATE)
                .forEach(
                        (id, order) -> {
                            for (Returning one : order.units().returns()) {
                                if (one.stage() != Returning.Stage.CLOSED) {
                                    assertThat(world.state(Return.AGGREGATE, one.id()).request())
                                            .as("%s: the return of %s", id, one)
                                            .isNotNull();
                                }
                            }
                        });
    }
}
