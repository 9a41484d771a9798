// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.orders.order.OrderCommands.eur;
import static dev.fakta.orders.order.OrderCommands.units;
import static dev.fakta.orders.order.OrderWays.after;
import static dev.fakta.orders.order.OrderWays.and;
import static dev.fakta.orders.order.OrderWays.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.Order.Attention;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.Order.Refusal;
import dev.fakta.orders.order.PaymentFacts.Command.GrantCredit;
import dev.fakta.orders.order.PaymentFacts.Command.RecordInvoicePayment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is transferred for an invoice, and back.
class InvoicePaymentTest {

    private static final OrderCreated INVOICE =
            Placing.order()
                    .lines(Placing.line("tea", 2L), Placing.line("cup", 3L))
                    .payment(new PlaceOrder.Payment("invoice", null))
                    .placed();
    private static final long GRAND = INVOICE.totals().grand().minor();
    private static final List<Command> PLACED = List.of(new Command.CreateOrder(INVOICE));
    private static final Attention OVERPAID =
            new Attention(Attention.Topic.INVOICE_OVERPAID, "invoice");

    private static Command transfer(String reference, long minor) {
        return new RecordInvoicePayment(reference, eur(minor));
    }

    @Test
    void an_invoice_is_paid_in_parts() {
        assertThat(state(PLACED).payment()).isEqualTo(Payment.NONE);
        assertThat(state(PLACED, transfer("t1", 1)).payment())
                .isEqualTo(Payment.PARTIALLY_CAPTURED);
        assertThat(state(PLACED, transfer("t1", 1), transfer("t2", GRAND - 1)).payment())
                .isEqualTo(Payment.CAPTURED);
    }

    @Test
    void a_transfer_counts_once() {
        after(and(PLACED, transfer("t1", 100)))
                .when(transfer("t1", 100))
                .thenNothing()
                .when(transfer("t1", 200))
                .thenRejected(Refusal.REFERENCE_KNOWN);
    }

    @Test
    void more_than_is_due_is_for_people_until_it_is_given_back() {
        List<Command> paid = and(PLACED, transfer("t1", GRAND));
        assertThat(state(paid).attentions()).isEmpty();
        List<Command> cheaper = and(paid, new GrantCredit("g", eur(100), "sorry"));
        assertThat(state(cheaper).payment()).isEqualTo(Payment.OVERCHARGED);
        assertThat(state(cheaper).attentions()).containsExactly(OVERPAID);
        Order back = state(cheaper, transfer("t2", -100));
        assertThat(back.attentions()).isEmpty();
        assertThat(back.payment()).isEqualTo(Payment.PARTIALLY_REFUNDED);
        assertThat(back.money().asked()).isZero();
    }

    @Test
    void an_order_that_is_cancelled_after_it_was_paid_is_for_people() {
        Order order =
                state(PLACED, transfer("t1", GRAND), new Command.RequestCancellation("no more"));
        assertThat(order.attentions()).containsExactly(OVERPAID);
    }

    @Test
    void what_is_cheaper_later_shows_what_is_too_much() {
        Order order =
                state(
                        PLACED,
                        transfer("t1", GRAND),
                        new Command.CancelLines(new ArrayList<>(units(0, 1)), null));
        assertThat(order.attentions()).containsExactly(OVERPAID);
    }

    @Test
    void only_an_order_on_invoice_takes_a_sound_transfer() {
        after(PLACED).when(transfer("", 1)).thenRejected(Refusal.REFERENCE_INVALID);
        after(PLACED).when(transfer("t", 0)).thenRejected(Refusal.AMOUNT_INVALID);
        after(PLACED).when(transfer("t", -1)).thenRejected(Refusal.AMOUNT_INVALID);
        after(PLACED)
                .when(new RecordInvoicePayment("t", Money.of(1, "USD")))
                .thenRejected(Refusal.CURRENCIES_MIXED);
        after(OrderWays.CONFIRMED).when(transfer("t", 1)).thenRejected(Refusal.NOT_ON_INVOICE);
    }
}
