// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.Axes.Lifecycle;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// Worlds of a small shop, with fresh seeds in every run: no order is charged twice, oversold or
/// forgotten, whatever happens in which order. A world that breaks a law is shown with its shortest
/// history, and with the line that replays it.
@Order(1)
class OrdersSimulationTest {

    @Test
    void no_law_is_broken_whatever_happens_in_whichever_order() {
        OrdersHunt.Played played = OrdersHunt.play();
        System.out.println(played);
        assertThat(played.broken()).isEmpty();
        assertThat(played.orders()).isGreaterThan(2 * played.worlds());
        assertThat(played.ends())
                .containsKeys(Lifecycle.COMPLETED, Lifecycle.REJECTED, Lifecycle.CANCELLED);
    }
}
