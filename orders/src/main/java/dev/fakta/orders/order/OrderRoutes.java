// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.gateway.CallerRole.CUSTOMER;
import static dev.fakta.gateway.CallerRole.IMPORTER;
import static dev.fakta.gateway.CallerRole.OPERATOR;
import static dev.fakta.gateway.CallerRole.STAFF;

import dev.fakta.domain.At;
import dev.fakta.domain.Processor;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Edits.Command.DiscardEdit;
import dev.fakta.orders.order.Order.Command.AddNote;
import dev.fakta.orders.order.Order.Command.CreateOrder;
import dev.fakta.orders.order.Order.Command.RejectOrder;
import dev.fakta.orders.order.Order.Command.RequestCancellation;
import dev.fakta.orders.order.Order.Command.SettleAttention;
import dev.fakta.orders.order.Order.Event.OrderNoteAdded;
import dev.fakta.orders.order.PaymentFacts.Command.GrantCredit;
import dev.fakta.orders.order.PaymentFacts.Command.RecordInvoicePayment;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.pricing.PricedLine;
import dev.fakta.orders.pricing.PricedShipping;
import dev.fakta.orders.pricing.Totals;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Orders over HTTP: one resource per transition, and the list.
public final class OrderRoutes {

    private OrderRoutes() {}

    /// What is served of orders over HTTP.
    ///
    /// @param placing takes new orders
    /// @param seal what the tokens of cards are sealed with
    public static void list(
            Routes http, Processor<PlaceOrder, Order.Command> placing, TokenSeal seal) {
        http.owned(Order.AGGREGATE, OrderRoutes::customer)
                .customersSee(Order.AGGREGATE, OrderJson::forCustomer)
                .resource("/orders", Order.AGGREGATE, OrderJson::of)
                .allowing(CUSTOMER, STAFF, IMPORTER, OPERATOR)
                .eventsAllowing(STAFF, OPERATOR)
                .create("/orders", placing)
                .unlessBehind()
                .bulk()
                .example(OrderExamples.TWO_TEAS)
                .naming("customerId", PlaceOrder.class, PlaceOrder::customerId)
                .allowing(CUSTOMER, STAFF, IMPORTER)
                .preview("/orders/price", placing, Price::of)
                .example(OrderExamples.TWO_TEAS)
                .naming("customerId", PlaceOrder.class, PlaceOrder::customerId)
                .allowing(CUSTOMER, STAFF, IMPORTER)
                .get("/orders", OrdersView.DEFINITION, OrderList::page)
                .allowing(CUSTOMER, STAFF, IMPORTER, OPERATOR);
        listForCustomers(http, seal);
        listForStaff(http);
        OrderFields.check(http);
    }

    /// What customers may do with their own orders.
    private static void listForCustomers(Routes http, TokenSeal seal) {
        http.post("/orders/{id}/cancel", RequestCancellation.class, Order.AGGREGATE)
                .example(new RequestCancellation("Ordered twice."))
                .allowing(CUSTOMER, STAFF)
                .post("/orders/{id}/cancel-lines", PullBack.CANCEL_LINES)
                .example(OrderExamples.ONE_TEA_LESS)
                .allowing(CUSTOMER, STAFF)
                .post("/orders/{id}/pay", GiveCard.sealing(seal))
                .example(new GiveCard("card", "tok_ok"))
                .allowing(CUSTOMER, STAFF)
                .put("/orders/{id}/edit", EditOrder.DEFINITION)
                .example(OrderExamples.ONE_TEA_MORE)
                .allowing(CUSTOMER, STAFF)
                .post("/orders/{id}/edit/apply", PullBack.APPLY_EDIT)
                .allowing(CUSTOMER, STAFF)
                .delete("/orders/{id}/edit", DiscardEdit.class, Order.AGGREGATE)
                .allowing(CUSTOMER, STAFF)
                .put("/orders/{id}/address", EditOrder.ADDRESS)
                .example(new EditOrder.Move(OrderExamples.AT_THE_OFFICE))
                .allowing(CUSTOMER, STAFF);
    }

    private static void listForStaff(Routes http) {
        http.add("/orders/{id}/notes", AddNote.class, Order.AGGREGATE)
                .example(new AddNote("Called: she is in on Friday."))
                .allowing(STAFF)
                .list("/orders/{id}/notes", Order.AGGREGATE, OrderNoteAdded.class, Note::of)
                .allowing(STAFF)
                .put("/orders/{id}/holds/{kind}", Holds.PLACE)
                .example(new Holds.Placing("MANUAL", "The customer calls back."))
                .allowing(STAFF)
                .delete("/orders/{id}/holds/{kind}", Holds.RELEASE)
                .allowing(STAFF)
                .post("/orders/{id}/reject", RejectOrder.class, Order.AGGREGATE)
                .example(new RejectOrder(RejectReason.FRAUD))
                .allowing(STAFF)
                .post("/orders/{id}/settle-attention", SettleAttention.class, Order.AGGREGATE)
                .example(OrderExamples.STOCK_IS_SEEN_TO)
                .allowing(STAFF, OPERATOR)
                // not {id}: a credit has an id of its own, in the body
                .post("/orders/{orderId}/credit", GrantCredit.class, Order.AGGREGATE)
                .example(new GrantCredit("late-parcel", Money.of(500, "USD"), "It came late."))
                .allowing(STAFF)
                .add("/orders/{id}/invoice-payments", RecordInvoicePayment.class, Order.AGGREGATE)
                .example(new RecordInvoicePayment("bank-2026-0815", Money.of(2500, "USD")))
                .allowing(STAFF);
    }

    /// Whose an order is.
    public static @Nullable String customer(Order order) {
        OrderCreated agreed = order.created();
        return agreed == null ? null : agreed.customerId();
    }

    /// What an order would cost.
    private record Price(
            String currency,
            List<PricedLine> lines,
            PricedShipping shipping,
            Totals totals,
            boolean pricesIncludeTax,
            List<OrderCreated.Code> codes) {

        static Price of(Order.Command command) {
            if (!(command instanceof CreateOrder(var order))) {
                throw new IllegalArgumentException("makes no order: " + command);
            }
            return new Price(
                    order.currency().getCurrencyCode(),
                    order.lines(),
                    order.shipping(),
                    order.totals(),
                    order.pricesIncludeTax(),
                    order.codes());
        }
    }

    /// A note of an order.
    private record Note(String text, Instant at, String actor) {
        static Note of(OrderNoteAdded added, At at) {
            return new Note(added.text(), at.time(), at.actor());
        }
    }
}
