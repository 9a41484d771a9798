// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Processor.Problem;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.fields.Faults;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.Order.Refusal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is wrong with the fields of requests to orders, whatever the state of the order.
final class OrderFields {

    private static final String KINDS =
            Arrays.stream(HoldKind.values()).map(Enum::name).collect(Collectors.joining(", "));

    private OrderFields() {}

    static void check(Routes http) {
        http.checking(Command.class, command -> faults(command).problems())
                .checking(GiveCard.class, OrderFields::ofCard)
                .checking(Goodwill.class, OrderFields::ofGoodwill)
                .checking(Holds.Placing.class, OrderFields::ofHold)
                .checking(Holds.Releasing.class, OrderFields::ofRelease);
    }

    /// The processor of [Command.CancelLines] looks at it itself: it knows the order's lines.
    private static Faults<Refusal> faults(Command command) {
        Faults<Refusal> faults = new Faults<>();
        switch (command) {
            case Command.AddNote(var text) ->
                    faults.text(Refusal.TEXT_INVALID, "text", text, OrderDecider.LONGEST_TEXT);
            case Command.RequestCancellation(var reason) -> explain(reason, faults);
            case Command.SettleAttention(var topic, var subject) ->
                    faults.present(Refusal.ATTENTION_UNKNOWN, "topic", topic)
                            .present(Refusal.ATTENTION_UNKNOWN, "subject", subject);
            case PaymentFacts.Command.GrantCredit(var id, var amount, var reason) ->
                    credit("id", id, amount, reason, faults);
            case PaymentFacts.Command.RecordInvoicePayment(var reference, var amount) -> {
                faults.text(
                        Refusal.REFERENCE_INVALID,
                        "reference",
                        reference,
                        OrderDecider.LONGEST_REFERENCE);
                boolean isPayment =
                        amount == null
                                || (amount.signum() != 0
                                        && Math.abs(amount.minor()) <= MoneyLedger.LARGEST);
                String reason = "is zero, or more than an order can cost";
                faults.present(Refusal.AMOUNT_INVALID, "amount", amount)
                        .unless(isPayment, Refusal.AMOUNT_INVALID, "amount", reason);
            }
            case Command _ -> {} // has nothing to be wrong, or is no client's
        }
        return faults;
    }

    private static List<Problem> ofGoodwill(Goodwill wish) {
        Faults<Refusal> faults = new Faults<>();
        credit("purpose", wish.purpose(), wish.amount(), null, faults);
        return faults.problems();
    }

    private static void credit(
            String field,
            @Nullable String id,
            @Nullable Money amount,
            @Nullable String reason,
            Faults<Refusal> faults) {
        faults.text(Refusal.CREDIT_ID_INVALID, field, id, PaymentDecider.LONGEST_CREDIT)
                .present(Refusal.AMOUNT_INVALID, "amount", amount)
                .unless(
                        amount == null || amount.signum() > 0,
                        Refusal.AMOUNT_INVALID,
                        "amount",
                        "above zero is needed");
        explain(reason, faults);
    }

    private static List<Problem> ofCard(GiveCard card) {
        return new Faults<Refusal>()
                .unless(
                        card.method() == null || card.method().equals(PaymentCheck.CARD),
                        Refusal.CARD_INVALID,
                        "method",
                        "card is needed")
                .text(Refusal.CARD_INVALID, "token", card.token(), PaymentCheck.LONGEST_TOKEN)
                .problems();
    }

    private static List<Problem> ofHold(Holds.Placing hold) {
        Faults<Refusal> faults = new Faults<>();
        kind(hold.kind(), faults);
        explain(hold.reason(), faults);
        return faults.problems();
    }

    private static List<Problem> ofRelease(Holds.Releasing hold) {
        Faults<Refusal> faults = new Faults<>();
        kind(hold.kind(), faults);
        return faults.problems();
    }

    private static void kind(@Nullable String kind, Faults<Refusal> faults) {
        faults.unless(
                HoldKind.named(kind) != null,
                Refusal.HOLD_KIND_UNKNOWN,
                "kind",
                "one of " + KINDS + " is needed");
    }

    private static void explain(@Nullable String reason, Faults<Refusal> faults) {
        faults.atMost(Refusal.TEXT_INVALID, "reason", reason, OrderDecider.LONGEST_TEXT);
    }

    /// What is wrong with a request to cancel lines of an order.
    ///
    /// @param lines how many the order has
    static List<Problem> ofCancellation(Command.CancelLines wish, int lines) {
        Faults<Refusal> faults = new Faults<>();
        units("lines", wish.lines(), 1, lines, faults);
        explain(wish.reason(), faults);
        return faults.problems();
    }

    /// Looks through units of lines.
    ///
    /// @param field that they are
    /// @param least how many of them are needed
    /// @param lines how many the order has
    static void units(
            String field,
            @Nullable List<@Nullable LineUnits> units,
            int least,
            int lines,
            Faults<Refusal> faults) {
        faults.size(Refusal.LINES_INVALID, field, units, least, LineCheck.MOST_LINES);
        List<@Nullable LineUnits> all = units == null ? List.of() : units;
        Set<Integer> seen = new HashSet<>();
        for (int index = 0; index < Math.min(all.size(), LineCheck.MOST_LINES); index++) {
            LineUnits each = all.get(index);
            String name = field + "[" + index + "]";
            faults.present(Refusal.LINES_INVALID, name, each);
            if (each != null) {
                faults.unless(
                                each.line() >= 0 && each.line() < lines,
                                Refusal.LINES_INVALID,
                                name + ".line",
                                "the order has no such line")
                        .unless(
                                seen.add(each.line()),
                                Refusal.LINES_INVALID,
                                name + ".line",
                                "is named twice")
                        .unless(
                                each.quantity() >= 1,
                                Refusal.LINES_INVALID,
                                name + ".quantity",
                                "1 or more is needed");
            }
        }
    }
}
