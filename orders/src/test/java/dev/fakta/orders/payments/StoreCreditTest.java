// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.testkit.Given.given;
import static net.jqwik.api.Arbitraries.frequencyOf;
import static net.jqwik.api.Combinators.combine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.Histories;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.StoreCredit.Command;
import dev.fakta.orders.payments.StoreCredit.Command.IssueCredit;
import dev.fakta.orders.payments.StoreCredit.Command.Settle;
import dev.fakta.orders.payments.StoreCredit.Event;
import dev.fakta.orders.payments.StoreCredit.Event.StoreCreditAuthorized;
import dev.fakta.orders.payments.StoreCredit.Event.StoreCreditCaptured;
import dev.fakta.orders.payments.StoreCredit.Event.StoreCreditIssued;
import dev.fakta.orders.payments.StoreCredit.Event.StoreCreditRefunded;
import dev.fakta.orders.payments.StoreCredit.Event.StoreCreditReleased;
import dev.fakta.orders.payments.StoreCredit.Refusal;
import java.util.Currency;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoreCreditTest {

    private static final Currency EUR = Currency.getInstance("EUR");
    private static final StoreCreditIssued HUNDRED =
            new StoreCreditIssued("gift", eur(100), "welcome");
    private static final StoreCreditAuthorized SIXTY = new StoreCreditAuthorized("o1", eur(60));

    @Test
    void credit_is_issued_once_by_its_reference() {
        given(StoreCredit.AGGREGATE)
                .when(new IssueCredit("gift", eur(100), " welcome "))
                .then(HUNDRED)
                .when(new IssueCredit("gift", eur(100), "welcome"))
                .thenNothing()
                .when(new IssueCredit("gift", eur(99), null))
                .thenRejected(Refusal.PURPOSE_DIFFERS);
    }

    @Test
    void what_is_promised_to_one_order_is_not_promised_to_another() {
        given(StoreCredit.AGGREGATE, HUNDRED)
                .when(wants("o1", 60, 0, 0))
                .then(SIXTY)
                .when(wants("o1", 60, 0, 0))
                .thenNothing()
                .andState(credit -> assertThat(credit.available()).isEqualTo(40))
                .when(wants("o2", 90, 0, 0))
                .then(new StoreCreditAuthorized("o2", eur(40)))
                .when(wants("o3", 1, 0, 0))
                .thenNothing()
                .andState(credit -> assertThat(credit.standing("o3").promised()).isZero());
    }

    @Test
    void an_order_takes_its_promise_in_parts_and_lets_go_of_the_rest() {
        given(StoreCredit.AGGREGATE, HUNDRED, SIXTY)
                .when(wants("o1", 60, 45, 0))
                .then(new StoreCreditCaptured("o1", "take 45", eur(45)))
                .when(wants("o1", 60, 45, 0))
                .thenNothing()
                .when(wants("o1", 45, 45, 0))
                .then(new StoreCreditReleased("o1", eur(15)))
                .when(wants("o1", 45, 45, 0))
                .thenNothing()
                .andState(credit -> assertThat(credit.available()).isEqualTo(55))
                .when(wants("o1", 60, 60, 0))
                .thenNothing();
    }

    @Test
    void what_an_order_let_go_is_not_promised_to_it_again() {
        given(StoreCredit.AGGREGATE, HUNDRED, SIXTY)
                .when(wants("o1", 0, 0, 0))
                .then(new StoreCreditReleased("o1", eur(60)))
                .when(wants("o1", 60, 0, 0))
                .thenNothing();
    }

    @Test
    void what_was_taken_comes_back_once_and_no_more() {
        given(StoreCredit.AGGREGATE, HUNDRED, SIXTY, new StoreCreditCaptured("o1", "t", eur(60)))
                .when(wants("o1", 60, 60, 20))
                .then(new StoreCreditRefunded("o1", "back 20", eur(20)))
                .when(wants("o1", 60, 60, 20))
                .thenNothing()
                .andState(credit -> assertThat(credit.balance()).isEqualTo(60))
                .when(wants("o1", 100, 100, 100))
                .then(new StoreCreditRefunded("o1", "back 60", eur(40)));
    }

    @Test
    void a_customer_without_credit_in_the_currency_has_nothing_promised() {
        given(StoreCredit.AGGREGATE).when(wants("o1", 1, 0, 0)).thenNothing();
        given(StoreCredit.AGGREGATE, HUNDRED)
                .when(new Settle("o1", Currency.getInstance("USD"), 1, 0, 0))
                .thenNothing();
    }

    @Test
    void a_command_needs_names_and_amounts_that_fit() {
        refuse(new IssueCredit("", eur(1), null), Refusal.NAME_INVALID);
        refuse(new IssueCredit("x", eur(1), "x".repeat(201)), Refusal.REASON_INVALID);
        refuse(new IssueCredit("x", null, null), Refusal.AMOUNT_INVALID);
        refuse(new IssueCredit("x", eur(0), null), Refusal.AMOUNT_INVALID);
        refuse(new IssueCredit("x", Money.of(1, "USD"), null), Refusal.CURRENCY_DIFFERS);
        refuse(new IssueCredit("x", eur(StoreCredit.MOST_MINOR), null), Refusal.BALANCE_TOO_HIGH);
        refuse(new Settle(null, EUR, 1, 0, 0), Refusal.NAME_INVALID);
        refuse(new Settle("o1", null, 1, 0, 0), Refusal.WISH_INVALID);
        refuse(wants("o1", 1, 2, 0), Refusal.WISH_INVALID);
        refuse(wants("o1", 1, 1, 2), Refusal.WISH_INVALID);
        refuse(wants("o1", 1, 0, -1), Refusal.WISH_INVALID);
    }

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void credit_is_never_negative_whatever_is_asked(
            @ForAll @Size(max = 80) List<@From("commands") Command> commands) {
        Histories.run(
                StoreCredit.AGGREGATE,
                commands,
                (credit, events) -> {
                    long balance = 0;
                    long held = 0;
                    for (Event event : events) {
                        switch (event) {
                            case StoreCreditIssued e -> balance += e.amount().minor();
                            case StoreCreditAuthorized e -> held += e.amount().minor();
                            case StoreCreditCaptured e -> {
                                balance -= e.amount().minor();
                                held -= e.amount().minor();
                            }
                            case StoreCreditReleased e -> held -= e.amount().minor();
                            case StoreCreditRefunded e -> balance += e.amount().minor();
                        }
                    }
                    assertThat(credit.balance()).isEqualTo(balance);
                    assertThat(credit.held()).isEqualTo(held).isNotNegative();
                    assertThat(credit.available()).isNotNegative();
                    for (Spending one : credit.orders().values()) {
                        held -= one.held();
                        assertThat(one.captured() + one.held())
                                .isLessThanOrEqualTo(one.authorized());
                        assertThat(one.refunded()).isLessThanOrEqualTo(one.captured());
                    }
                    assertThat(held).as("held by no order").isZero();
                });
    }

    @Provide
    static Arbitrary<Command> commands() {
        Arbitrary<@Nullable String> names = Arbitraries.of("a", "b", "c", "").injectNull(0.02);
        Arbitrary<@Nullable Money> amounts =
                Arbitraries.longs().between(-1, 9).map(StoreCreditTest::eur).injectNull(0.02);
        Arbitrary<Long> parts = Arbitraries.longs().between(-1, 9);
        return frequencyOf(
                Tuple.of(1, combine(names, amounts, names).as(IssueCredit::new)),
                Tuple.of(5, combine(names, parts, parts, parts).as(StoreCreditTest::wants)));
    }

    private static Command wants(@Nullable String order, long hold, long take, long back) {
        return new Settle(order, EUR, hold, take, back);
    }

    private static void refuse(Command command, Refusal refusal) {
        given(StoreCredit.AGGREGATE, HUNDRED).when(command).thenRejected(refusal);
    }

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }
}
