// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.Order.Attention.Topic;
import org.junit.jupiter.api.Test;

class TaskHelpTest {

    @Test
    void an_attention_is_settled_and_an_invoice_that_is_overpaid_is_given_back() {
        for (Topic topic : Topic.values()) {
            String step = topic == Topic.INVOICE_OVERPAID ? "invoice-payments" : "settle-attention";
            assertThat(TaskHelp.of(TaskKind.ATTENTION, "o", topic + " subject").href())
                    .isEqualTo("/orders/o/" + step);
        }
    }
}
