// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.gateway.NewestFirst;
import dev.fakta.gateway.Page;
import dev.fakta.gateway.Query;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Payment.Command.Refund;
import dev.fakta.orders.payments.Payment.Command.VoidPayment;
import dev.fakta.runtime.Row;
import dev.fakta.runtime.Versioned;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Payments over HTTP: what they stand at, what people may do about them, and the list of what the
/// provider was asked for. A payment has its order's id.
public final class PaymentRoutes {

    private static final NewestFirst LIST =
            new NewestFirst(
                    "payment_operation",
                    "asked_at",
                    Map.of("payment", "payment", "kind", "kind", "status", "status"));

    private PaymentRoutes() {}

    public static void list(Routes http) {
        http.resource("/payments", Payment.AGGREGATE, PaymentJson::of)
                .post("/payments/{id}/refunds", Refund.class, Payment.AGGREGATE)
                .post("/payments/{id}/void", VoidPayment.class, Payment.AGGREGATE)
                .get("/payment-operations", PaymentsView.DEFINITION, PaymentRoutes::page);
    }

    private static Page<Listed> page(Query query) {
        return LIST.page(query, Listed::of, Listed::cursor);
    }

    /// A payment as clients see it. Tokens of cards stay inside.
    private record PaymentJson(
            String id,
            String orderId,
            Money total,
            Money authorized,
            Money captured,
            Money refunded,
            Money voided,
            Money overcharged,
            boolean cancelled,
            List<OperationJson> operations,
            List<String> disputes,
            long revision) {

        static PaymentJson of(Versioned<Payment> versioned) {
            Payment payment = versioned.state();
            Money total = Objects.requireNonNull(payment.total());
            return new PaymentJson(
                    versioned.id(),
                    Objects.requireNonNull(payment.order()),
                    total,
                    new Money(payment.authorized(), total.currency()),
                    new Money(payment.captured(), total.currency()),
                    new Money(payment.refunded(), total.currency()),
                    new Money(payment.voided(), total.currency()),
                    new Money(payment.overcharged(), total.currency()),
                    payment.cancelled(),
                    payment.operations().stream().map(OperationJson::of).toList(),
                    payment.disputes(),
                    versioned.revision());
        }
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

    /// Something that the provider was asked for, in the list.
    private record Listed(
            String id,
            String payment,
            String kind,
            long number,
            String currency,
            long minor,
            String status,
            String reason,
            Instant askedAt) {

        static Listed of(Row row) {
            return new Listed(
                    row.text("id"),
                    row.text("payment"),
                    row.text("kind"),
                    row.number("number"),
                    row.text("currency"),
                    row.number("minor"),
                    row.text("status"),
                    row.text("reason"),
                    Instant.ofEpochMilli(row.number("asked_at")));
        }

        String cursor() {
            return NewestFirst.cursor(askedAt, id);
        }
    }
}
