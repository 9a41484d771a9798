// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.orders.Tables;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Payment.Command;
import dev.fakta.orders.payments.Payment.Event;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// The list of payments says of each what the payment itself says.
class PaymentsViewTest {

    private static final Money TEN = Money.of(1000, "EUR");

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void a_row_says_what_its_payment_says(
            @ForAll @Size(min = 5, max = 60) List<@From("commands") Command> commands)
            throws SQLException {
        Payment payment = Payment.AGGREGATE.initial();
        List<Event> events = new ArrayList<>();
        for (Command command : commands) {
            if (Payment.AGGREGATE.decide(payment, command)
                    instanceof Decision.Accepted<Event>(var more)) {
                for (Event event : more) {
                    payment = Payment.AGGREGATE.evolve(payment, event);
                    events.add(event);
                }
            }
        }
        if (payment.total() == null) {
            return;
        }
        try (Tables tables = Tables.of(PaymentsView.DEFINITION)) {
            tables.apply("p", events.toArray());
            assertThat(
                            tables.rows(
                                    "select order_id, status, total_minor, captured_minor,"
                                            + " refunded_minor, revision from payment_row"))
                    .containsExactly(
                            "%s|%s|%d|%d|%d|%d"
                                    .formatted(
                                            payment.order(),
                                            PaymentStatus.of(payment),
                                            payment.total().minor(),
                                            payment.captured(),
                                            payment.refunded(),
                                            events.size()));
        }
    }

    @Provide
    static Arbitrary<Command> commands() {
        return SettlementPropertiesTest.anything();
    }

    @Test
    void a_payment_is_one_row_with_its_method_and_its_first_time() throws SQLException {
        try (Tables tables = Tables.of(PaymentsView.DEFINITION)) {
            tables.apply(
                    "p",
                    new Event.AuthorizationRequested("o", TEN, 1, TEN, "card", "tok"),
                    new Event.PaymentAuthorized(1, TEN, "ref", Instant.ofEpochMilli(9), null),
                    new Event.CaptureRequested(1, 1, "part", Money.of(400, "EUR")),
                    new Event.PaymentCaptured(1, Money.of(400, "EUR"), "ref", null));
            assertThat(tables.rows("select * from payment_row"))
                    .containsExactly("p|o|card|PARTIALLY_CAPTURED|EUR|1000|400|0|1|AUTHORIZED|0|4");
        }
    }

    @Test
    void the_last_word_on_a_payment_counts() throws SQLException {
        Event asked = new Event.AuthorizationRequested("o", TEN, 1, TEN, "card", "tok");
        Event good = new Event.PaymentAuthorized(1, TEN, "ref", Instant.ofEpochMilli(9), null);
        try (Tables tables = Tables.of(PaymentsView.DEFINITION)) {
            tables.apply("a", asked);
            tables.apply("b", asked, new Event.PaymentDeclined(1, "no", null));
            tables.apply("c", asked, good, new Event.AuthorizationExpired(1, TEN));
            tables.apply(
                    "d",
                    asked,
                    good,
                    new Event.VoidRequested(1, 1, TEN),
                    new Event.PaymentVoided(1, "ref", null));
            assertThat(tables.rows("select status from payment_row order by id"))
                    .containsExactly("PENDING", "DECLINED", "EXPIRED", "VOIDED");
        }
    }

    @Test
    void every_filter_and_every_order_of_the_list_is_a_range_of_an_index() throws SQLException {
        try (Tables tables = Tables.of(PaymentsView.DEFINITION)) {
            assertThat(plan(tables, "order_id = 'o'", "requested_at"))
                    .contains("payment_row_by_order");
            assertThat(plan(tables, "status = 'VOIDED'", "requested_at"))
                    .contains("payment_row_by_status");
            assertThat(plan(tables, "method = 'card'", "requested_at"))
                    .contains("payment_row_by_method");
            assertThat(plan(tables, "1 = 1", "requested_at")).contains("payment_row_by_time");
            assertThat(plan(tables, "1 = 1", "total_minor")).contains("payment_row_by_total");
        }
    }

    private static String plan(Tables tables, String condition, String order) throws SQLException {
        return String.join(
                " ",
                tables.rows(
                        "explain query plan select * from payment_row where "
                                + condition
                                + " order by "
                                + order
                                + " desc, id desc limit 51"));
    }
}
