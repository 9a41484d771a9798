// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.gateway.CallerRole.CUSTOMER;
import static dev.fakta.gateway.CallerRole.OPERATOR;
import static dev.fakta.gateway.CallerRole.STAFF;

import dev.fakta.gateway.NewestFirst;
import dev.fakta.gateway.NextSteps;
import dev.fakta.gateway.Page;
import dev.fakta.gateway.Query;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Payment.Command.AskAgain;
import dev.fakta.orders.payments.Payment.Command.SettleRefund;
import dev.fakta.orders.payments.Payment.Command.VoidPayment;
import dev.fakta.orders.payments.provider.ProviderNotice;
import dev.fakta.runtime.Versioned;
import dev.fakta.views.Row;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Payments over HTTP: what they stand at, what people may do about them, their list, and that of
/// what the provider was asked for. A payment has its order's id.
public final class PaymentRoutes {

    private static final NewestFirst OPERATIONS =
            new NewestFirst(
                    "payment_operation",
                    "askedAt",
                    "asked_at",
                    Map.of("payment", "payment", "kind", "kind", "status", "status"));

    private static final NewestFirst PAYMENTS =
            new NewestFirst(
                    "payment_row",
                    "requestedAt",
                    Map.of("requestedAt", "requested_at", "total", "total_minor"),
                    Map.of("order", "order_id", "status", "status", "method", "method"));

    private PaymentRoutes() {}

    public static void list(Routes http) {
        http.resource("/payments", Payment.AGGREGATE, PaymentJson::of)
                .allowing(STAFF, OPERATOR)
                .get("/payments", PaymentsView.DEFINITION, PaymentRoutes::payments)
                .allowing(STAFF, OPERATOR)
                .get("/payment-operations", PaymentsView.DEFINITION, PaymentRoutes::operations)
                .allowing(STAFF, OPERATOR)
                .post("/payments/{id}/void", VoidPayment.class, Payment.AGGREGATE)
                .allowing(OPERATOR)
                .post("/payments/{id}/retry", AskAgain.class, Payment.AGGREGATE)
                .example(new AskAgain(Operation.Kind.REFUND, 1))
                .allowing(OPERATOR)
                .post("/payments/{id}/settle", SettleRefund.class, Payment.AGGREGATE)
                .example(new SettleRefund(1, "The customer sent it back."))
                .allowing(OPERATOR)
                .resource("/payment-notices", ProviderNotice.AGGREGATE, NoticeJson::of)
                .allowing(STAFF, OPERATOR)
                .post(
                        "/payment-notices/{id}/dismiss",
                        ProviderNotice.Command.Dismiss.class,
                        ProviderNotice.AGGREGATE)
                .example(new ProviderNotice.Command.Dismiss("It is of another shop."))
                .allowing(OPERATOR)
                .ownedById(StoreCredit.AGGREGATE)
                .resource("/store-credits", StoreCredit.AGGREGATE, StoreCreditJson::of)
                .allowing(CUSTOMER, STAFF)
                .eventsAllowing(STAFF)
                .put(
                        "/store-credits/{id}/issues/{reference}",
                        StoreCredit.Command.IssueCredit.class,
                        StoreCredit.AGGREGATE)
                .example(
                        new StoreCredit.Command.IssueCredit(
                                null, Money.of(1_000, "USD"), "A birthday."))
                .allowing(STAFF)
                .checking(Payment.Command.class, command -> PaymentCheck.faults(command).problems())
                .checking(
                        ProviderNotice.Command.Dismiss.class,
                        command -> ProviderNotice.faults(command).problems())
                .checking(
                        StoreCredit.Command.class,
                        command -> StoreCredit.faults(command).problems());
    }

    /// How payments are paid, as orders say it.
    private enum Method {
        CARD("card"),
        INVOICE("invoice"),
        STORE_CREDIT("store-credit");

        private final String text;

        Method(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static Page<Listed> payments(Query query) {
        query.oneOf("status", PaymentStatus.values()).oneOf("method", Method.values());
        return PAYMENTS.page(query, Listed::of);
    }

    private static Page<ListedOperation> operations(Query query) {
        query.oneOf("kind", Operation.Kind.values()).oneOf("status", Operation.Status.values());
        return OPERATIONS.page(query, ListedOperation::of);
    }

    /// A webhook of the provider as clients see it.
    private record NoticeJson(
            String id, boolean dismissed, ProviderNotice.@Nullable Content content) {
        static NoticeJson of(Versioned<ProviderNotice> notice) {
            ProviderNotice state = notice.state();
            return new NoticeJson(notice.id(), state.isDismissed(), state.content());
        }
    }

    /// A payment as clients see it. Tokens of cards stay inside.
    private record PaymentJson(
            String id,
            String orderId,
            String status,
            Money total,
            Money authorized,
            Money captured,
            Money refunded,
            Money voided,
            Money overcharged,
            boolean cancelled,
            List<OperationJson> operations,
            List<String> disputes,
            Map<String, NextSteps.Step> actions,
            long revision) {

        static PaymentJson of(Versioned<Payment> versioned) {
            Payment payment = versioned.state();
            Money total = Objects.requireNonNull(payment.total());
            return new PaymentJson(
                    versioned.id(),
                    Objects.requireNonNull(payment.order()),
                    PaymentStatus.of(payment).name(),
                    total,
                    new Money(payment.authorized(), total.currency()),
                    new Money(payment.captured(), total.currency()),
                    new Money(payment.refunded(), total.currency()),
                    new Money(payment.voided(), total.currency()),
                    new Money(payment.overcharged(), total.currency()),
                    payment.cancelled(),
                    payment.operations().stream().map(OperationJson::of).toList(),
                    payment.disputes().stream().map(Dispute::id).toList(),
                    steps(versioned.id(), payment),
                    versioned.revision());
        }
    }

    private static Map<String, NextSteps.Step> steps(String id, Payment payment) {
        boolean isBeyond =
                payment.operations().stream()
                        .anyMatch(
                                one ->
                                        one.kind() == Operation.Kind.REFUND
                                                && one.status() == Operation.Status.SURPLUS);
        return NextSteps.of("/payments/" + id)
                .post("void", Payment.AGGREGATE.decide(payment, new VoidPayment()))
                .post("retry", Payment.AGGREGATE.decide(payment, new AskAgain(null, null)))
                .post("settle", isBeyond ? null : Payment.Refusal.NOT_BEYOND)
                .all();
    }

    private record OperationJson(
            String kind,
            int number,
            Money amount,
            String status,
            @Nullable String reference,
            @Nullable Instant expiresAt) {

        static OperationJson of(Operation operation) {
            return new OperationJson(
                    operation.kind().toString(),
                    operation.number(),
                    operation.amount(),
                    operation.status().toString(),
                    operation.reference(),
                    operation.expiresAt());
        }
    }

    /// A customer's store credit as clients see it.
    private record StoreCreditJson(
            String customerId,
            Money balance,
            Money held,
            Money available,
            List<SpendingJson> orders,
            long revision) {

        static StoreCreditJson of(Versioned<StoreCredit> versioned) {
            StoreCredit credit = versioned.state();
            Currency currency = Objects.requireNonNull(credit.currency());
            return new StoreCreditJson(
                    versioned.id(),
                    new Money(credit.balance(), currency),
                    new Money(credit.held(), currency),
                    new Money(credit.available(), currency),
                    credit.orders().entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(
                                    entry ->
                                            SpendingJson.of(
                                                    entry.getKey(), entry.getValue(), currency))
                            .toList(),
                    versioned.revision());
        }
    }

    private record SpendingJson(
            String orderId, Money authorized, Money held, Money captured, Money refunded) {

        static SpendingJson of(String order, Spending spending, Currency currency) {
            return new SpendingJson(
                    order,
                    new Money(spending.authorized(), currency),
                    new Money(spending.held(), currency),
                    new Money(spending.captured(), currency),
                    new Money(spending.refunded(), currency));
        }
    }

    /// A payment in the list.
    ///
    /// @param method none as long as no authorization was asked for
    private record Listed(
            String id,
            String orderId,
            @Nullable String method,
            String status,
            Money total,
            Money captured,
            Money refunded,
            Instant requestedAt,
            long revision) {

        static Listed of(Row row) {
            String currency = row.text("currency");
            String method = row.text("method");
            return new Listed(
                    row.text("id"),
                    row.text("order_id"),
                    method.isEmpty() ? null : method,
                    row.text("status"),
                    Money.of(row.number("total_minor"), currency),
                    Money.of(row.number("captured_minor"), currency),
                    Money.of(row.number("refunded_minor"), currency),
                    Instant.ofEpochMilli(row.number("requested_at")),
                    row.number("revision"));
        }
    }

    /// Something that the provider was asked for, in the list.
    private record ListedOperation(
            String id,
            String payment,
            String kind,
            long number,
            Money amount,
            String status,
            String reason,
            Instant askedAt) {

        static ListedOperation of(Row row) {
            return new ListedOperation(
                    row.text("id"),
                    row.text("payment"),
                    row.text("kind"),
                    row.number("number"),
                    Money.of(row.number("minor"), row.text("currency")),
                    row.text("status"),
                    row.text("reason"),
                    Instant.ofEpochMilli(row.number("asked_at")));
        }
    }
}
