// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.testkit.Given.given;
import static net.jqwik.api.Arbitraries.frequencyOf;
import static net.jqwik.api.Combinators.combine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.Histories;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.StoreCredit.Command;
import dev.fakta.orders.payments.StoreCredit.Command.Authorize;
import dev.fakta.orders.payments.StoreCredit.Command.AuthorizeUpTo;
import dev.fakta.orders.payments.StoreCredit.Command.Capture;
import dev.fakta.orders.payments.StoreCredit.Command.IssueCredit;
import dev.fakta.orders.payments.StoreCredit.Command.Refund;
import dev.fakta.orders.payments.StoreCredit.Command.Release;
import dev.fakta.orders.payments.StoreCredit.Event;
import dev.fakta.orders.payments.StoreCredit.Event.StoreCreditAuthorized;
import dev.fakta.orders.payments.StoreCredit.Event.StoreCreditCaptured;
import dev.fakta.orders.payments.StoreCredit.Event.StoreCreditIssued;
import dev.fakta.orders.payments.StoreCredit.Event.StoreCreditRefunded;
import dev.fakta.orders.payments.StoreCredit.Event.StoreCreditReleased;
import dev.fakta.orders.payments.StoreCredit.Refusal;
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
                .when(new Authorize("o1", eur(60)))
                .then(SIXTY)
                .when(new Authorize("o1", eur(60)))
                .thenNothing()
                .andState(credit -> assertThat(credit.available()).isEqualTo(40))
                .when(new Authorize("o2", eur(41)))
                .thenRejected(Refusal.INSUFFICIENT_CREDIT);
    }

    @Test
    void an_order_may_have_promised_what_there_is() {
        given(StoreCredit.AGGREGATE, HUNDRED, SIXTY)
                .when(new AuthorizeUpTo("o2", eur(90)))
                .then(new StoreCreditAuthorized("o2", eur(40)))
                .when(new AuthorizeUpTo("o2", eur(90)))
                .thenNothing()
                .when(new AuthorizeUpTo("o3", eur(1)))
                .thenRejected(Refusal.INSUFFICIENT_CREDIT);
        given(StoreCredit.AGGREGATE, HUNDRED)
                .when(new AuthorizeUpTo("o1", eur(60)))
                .then(SIXTY)
                .when(new Release("o1"))
                .then(new StoreCreditReleased("o1", eur(60)))
                .when(new AuthorizeUpTo("o1", eur(60)))
                .thenRejected(Refusal.ORDER_DIFFERS);
    }

    @Test
    void an_order_takes_its_promise_in_parts_and_lets_go_of_the_rest() {
        given(StoreCredit.AGGREGATE, HUNDRED, SIXTY)
                .when(new Capture("o1", "s1", eur(45)))
                .then(new StoreCreditCaptured("o1", "s1", eur(45)))
                .when(new Capture("o1", "s1", eur(45)))
                .thenNothing()
                .when(new Release("o1"))
                .then(new StoreCreditReleased("o1", eur(15)))
                .when(new Release("o1"))
                .thenNothing()
                .andState(credit -> assertThat(credit.available()).isEqualTo(55))
                .when(new Capture("o1", "s2", eur(1)))
                .thenRejected(Refusal.EXCEEDS_AUTHORIZED);
    }

    @Test
    void a_promise_that_comes_after_its_release_holds_nothing() {
        given(StoreCredit.AGGREGATE, HUNDRED, SIXTY, new StoreCreditReleased("o1", eur(60)))
                .when(new Authorize("o1", eur(60)))
                .thenRejected(Refusal.ORDER_DIFFERS);
    }

    @Test
    void what_was_taken_comes_back_once_per_purpose_and_no_more() {
        given(StoreCredit.AGGREGATE, HUNDRED, SIXTY, new StoreCreditCaptured("o1", "s1", eur(60)))
                .when(new Refund("o1", "r1", eur(20)))
                .then(new StoreCreditRefunded("o1", "r1", eur(20)))
                .when(new Refund("o1", "r1", eur(20)))
                .thenNothing()
                .andState(credit -> assertThat(credit.balance()).isEqualTo(60))
                .when(new Refund("o1", "r2", eur(41)))
                .thenRejected(Refusal.EXCEEDS_CAPTURED);
    }

    @Test
    void what_was_never_promised_is_neither_taken_nor_given_back() {
        refuse(new Capture("o1", "s1", eur(1)), Refusal.NOT_AUTHORIZED);
        refuse(new Refund("o1", "r1", eur(1)), Refusal.NOT_AUTHORIZED);
        given(StoreCredit.AGGREGATE, HUNDRED).when(new Release("o1")).thenNothing();
        given(StoreCredit.AGGREGATE)
                .when(new Authorize("o1", eur(1)))
                .thenRejected(Refusal.NO_CREDIT);
    }

    @Test
    void a_command_needs_names_and_an_amount_in_the_currency_of_the_credit() {
        refuse(new IssueCredit("", eur(1), null), Refusal.NAME_INVALID);
        refuse(new IssueCredit("x", eur(1), "x".repeat(201)), Refusal.REASON_INVALID);
        refuse(new Authorize(null, eur(1)), Refusal.NAME_INVALID);
        refuse(new Authorize("o1", null), Refusal.AMOUNT_INVALID);
        refuse(new Capture("o1", "s1", eur(0)), Refusal.AMOUNT_INVALID);
        refuse(new Authorize("o1", Money.of(1, "USD")), Refusal.CURRENCY_DIFFERS);
        refuse(new IssueCredit("x", eur(StoreCredit.MOST_MINOR), null), Refusal.BALANCE_TOO_HIGH);
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
        return frequencyOf(
                Tuple.of(1, combine(names, amounts, names).as(IssueCredit::new)),
                Tuple.of(3, combine(names, amounts).as(Authorize::new)),
                Tuple.of(1, combine(names, amounts).as(AuthorizeUpTo::new)),
                Tuple.of(4, combine(names, names, amounts).as(Capture::new)),
                Tuple.of(1, names.map(Release::new)),
                Tuple.of(2, combine(names, names, amounts).as(Refund::new)));
    }

    private static void refuse(Command command, Refusal refusal) {
        given(StoreCredit.AGGREGATE, HUNDRED).when(command).thenRejected(refusal);
    }

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }
}
