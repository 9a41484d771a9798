// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static dev.fakta.orders.payments.Wishes.END;
import static dev.fakta.orders.payments.Wishes.SOONER;
import static dev.fakta.orders.payments.Wishes.asked;
import static dev.fakta.orders.payments.Wishes.authorized;
import static dev.fakta.orders.payments.Wishes.captured;
import static dev.fakta.orders.payments.Wishes.eur;
import static dev.fakta.orders.payments.Wishes.held;
import static dev.fakta.orders.payments.Wishes.is;
import static dev.fakta.orders.payments.Wishes.live;
import static dev.fakta.orders.payments.Wishes.settle;
import static dev.fakta.orders.payments.Wishes.taken;
import static dev.fakta.orders.payments.Wishes.taking;
import static dev.fakta.orders.payments.Wishes.voiding;
import static dev.fakta.orders.payments.Wishes.wish;
import static dev.fakta.testkit.Given.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment.Card;
import dev.fakta.orders.payments.Payment.Command.AskAgain;
import dev.fakta.orders.payments.Payment.Command.ExpireAuthorization;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordAuthorized;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordCaptureFailed;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordDeclined;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordOutcomeUnknown;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordVoidFailed;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordVoided;
import dev.fakta.orders.payments.Payment.Event.AuthorizationExpired;
import dev.fakta.orders.payments.Payment.Event.PaymentCaptureFailed;
import dev.fakta.orders.payments.Payment.Event.PaymentDeclined;
import dev.fakta.orders.payments.Payment.Event.PaymentVoidFailed;
import dev.fakta.orders.payments.Payment.Event.PaymentVoided;
import dev.fakta.orders.payments.Payment.Refusal;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What a payment does to have money secured and taken as its order wishes, rule by rule.
class SettlementTest {

    @Nested
    class Authorizing {
        @Test
        void what_should_be_secured_is_asked_for_with_the_card_under_its_attempt() {
            given(Payment.AGGREGATE)
                    .when(settle(1, 100, 0, 1))
                    .then(wish(1, 100, 0, 1), asked(1, 100, 100))
                    .andState(is(s -> assertThat(s.outcome()).isEqualTo(Attempt.PENDING)))
                    .when(authorized(1, 100))
                    .then(held(1, 100))
                    .andState(
                            is(
                                    s -> {
                                        assertThat(s.setAside()).isEqualTo(100);
                                        assertThat(s.until()).isEqualTo(END);
                                        assertThat(s.outcome()).isEqualTo(Attempt.AUTHORIZED);
                                        assertThat(s.isMoving()).isFalse();
                                    }));
        }

        @Test
        void an_attempt_is_asked_for_once_and_the_next_one_is_up_to_the_order() {
            given(Payment.AGGREGATE, wish(1, 100, 0, 1), asked(1, 100, 100))
                    .when(new RecordDeclined(1, "no funds", null))
                    .then(new PaymentDeclined(1, "no funds", null))
                    .andState(is(s -> assertThat(s.outcome()).isEqualTo(Attempt.DECLINED)))
                    .when(settle(2, 100, 0, 1))
                    .then(wish(2, 100, 0, 1))
                    .when(settle(3, 100, 0, 4))
                    .then(wish(3, 100, 0, 4), asked(4, 100, 100))
                    .andState(is(s -> assertThat(s.attempt()).isEqualTo(4)));
        }

        @Test
        void an_order_that_became_dearer_has_the_difference_set_aside_beside_the_first() {
            live(100, 0)
                    .when(settle(2, 130, 0, 1))
                    .then(wish(2, 130, 0, 1))
                    .when(settle(3, 130, 0, 2))
                    .then(wish(3, 130, 0, 2), asked(2, 130, 30))
                    .when(new RecordAuthorized(2, eur(30), "ref", SOONER, null))
                    .andState(
                            is(
                                    s -> {
                                        assertThat(s.setAside()).isEqualTo(130);
                                        assertThat(s.until()).isEqualTo(SOONER);
                                    }));
        }

        @Test
        void a_newer_card_waits_until_the_outcome_of_the_last_attempt_is_known() {
            given(Payment.AGGREGATE, wish(1, 100, 0, 1), asked(1, 100, 100))
                    .when(new RecordOutcomeUnknown(Kind.AUTHORIZATION, 1))
                    .andState(is(s -> assertThat(s.outcome()).isEqualTo(Attempt.UNKNOWN)))
                    .when(settle(2, 100, 0, 2))
                    .then(wish(2, 100, 0, 2))
                    .when(new RecordDeclined(1, "", null))
                    .then(new PaymentDeclined(1, "", null), asked(2, 100, 100));
        }

        @Test
        void an_expired_authorization_is_renewed_by_the_next_attempt_only() {
            live(100, 0)
                    .when(new ExpireAuthorization(1, END))
                    .then(new AuthorizationExpired(1, eur(100)))
                    .andState(is(s -> assertThat(s.outcome()).isEqualTo(Attempt.EXPIRED)))
                    .andState(is(s -> assertThat(s.until()).isNull()))
                    .when(settle(2, 100, 0, 2))
                    .then(wish(2, 100, 0, 2), asked(2, 100, 100));
        }

        @Test
        void whatever_an_order_takes_a_payment_takes() {
            long largest = 10_000_000_000_000_000L;
            Card longest = new Card(1, "card", "t".repeat(200));
            given(Payment.AGGREGATE)
                    .when(settle(1, largest, 0, List.of(), longest))
                    .andState(is(s -> assertThat(s.isMoving()).isTrue()))
                    .when(authorized(1, largest))
                    .then(held(1, largest));
            given(Payment.AGGREGATE)
                    .when(settle(1, 5, 0, List.of(), new Card(1, "invoice", "")))
                    .andState(is(s -> assertThat(s.isMoving()).isTrue()));
        }

        @Test
        void an_order_that_costs_nothing_asks_for_nothing() {
            given(Payment.AGGREGATE)
                    .when(settle(1, 0, 0, 0))
                    .then(wish(1, 0, 0, 0))
                    .when(settle(2, 0, 0, 1))
                    .then(wish(2, 0, 0, 1))
                    .andState(is(s -> assertThat(s.isMoving()).isFalse()));
        }
    }

    @Nested
    class Taking {
        @Test
        void what_should_be_taken_is_captured_and_no_part_twice() {
            live(100, 0)
                    .when(settle(2, 100, 60, 1))
                    .then(wish(2, 100, 60, 1), taking(1, 1, 60))
                    .when(settle(3, 100, 90, 1))
                    .then(wish(3, 100, 90, 1))
                    .when(captured(1, 60))
                    .then(taken(1, 60), taking(2, 1, 30))
                    .when(captured(1, 60))
                    .thenNothing()
                    .when(captured(2, 30))
                    .then(taken(2, 30))
                    .andState(is(s -> assertThat(s.captured()).isEqualTo(90)))
                    .andState(is(s -> assertThat(s.setAside()).isEqualTo(10)));
        }

        @Test
        void several_authorizations_are_used_up_one_after_the_other_from_the_oldest() {
            given(
                            Payment.AGGREGATE,
                            wish(1, 130, 0, 2),
                            asked(1, 130, 100),
                            held(1, 100),
                            asked(2, 130, 30),
                            held(2, 30))
                    .when(settle(2, 130, 120, 2))
                    .then(wish(2, 130, 120, 2), taking(1, 1, 100))
                    .when(captured(1, 100))
                    .then(taken(1, 100), taking(2, 2, 20));
        }

        @Test
        void what_is_wished_before_the_card_is_authorized_is_taken_at_once_then() {
            given(Payment.AGGREGATE, wish(1, 100, 100, 1), asked(1, 100, 100))
                    .when(authorized(1, 100))
                    .then(held(1, 100), taking(1, 1, 100));
        }

        @Test
        void after_a_failed_capture_its_authorization_is_voided_and_another_attempt_pays() {
            given(
                            Payment.AGGREGATE,
                            wish(1, 100, 100, 1),
                            asked(1, 100, 100),
                            held(1, 100),
                            taking(1, 1, 100))
                    .when(new RecordCaptureFailed(1, "dead", null))
                    .then(new PaymentCaptureFailed(1, "dead", null), voiding(1, 1, 100))
                    .andState(is(s -> assertThat(s.outcome()).isEqualTo(Attempt.CAPTURE_FAILED)))
                    .andState(is(s -> assertThat(s.setAside()).isZero()))
                    .when(settle(2, 100, 100, 2))
                    .then(wish(2, 100, 100, 2), asked(2, 100, 100))
                    .when(new RecordVoided(1, "void", null))
                    .then(new PaymentVoided(1, "void", null))
                    .when(authorized(2, 100))
                    .then(held(2, 100), taking(2, 2, 100));
        }
    }

    @Nested
    class LettingGo {
        @Test
        void all_is_let_go_when_nothing_more_is_wanted() {
            live(100, 0)
                    .when(settle(2, 0, 0, 1))
                    .then(wish(2, 0, 0, 1), voiding(1, 1, 100))
                    .andState(is(s -> assertThat(s.setAside()).isZero()))
                    .when(new RecordVoided(1, "void", null))
                    .andState(is(s -> assertThat(s.outcome()).isEqualTo(Attempt.VOIDED)));
        }

        @Test
        void the_rest_is_let_go_once_all_is_taken_and_not_while_a_capture_may_fail() {
            live(100, 0)
                    .when(settle(2, 60, 60, 1))
                    .then(wish(2, 60, 60, 1), taking(1, 1, 60))
                    .when(captured(1, 60))
                    .then(taken(1, 60), voiding(1, 1, 40));
        }

        @Test
        void a_part_of_an_authorization_is_not_let_go() {
            live(100, 0).when(settle(2, 60, 0, 1)).then(wish(2, 60, 0, 1));
        }

        @Test
        void a_card_that_is_authorized_late_is_voided_without_touching_the_good_one() {
            given(
                            Payment.AGGREGATE,
                            wish(1, 100, 0, 2),
                            asked(1, 100, 100),
                            new PaymentDeclined(1, "", null),
                            asked(2, 100, 100),
                            held(2, 100))
                    .when(authorized(1, 100))
                    .then(held(1, 100), voiding(1, 1, 100))
                    .when(new RecordVoided(1, "void", null))
                    .andState(is(s -> assertThat(s.setAside()).isEqualTo(100)))
                    .andState(is(s -> assertThat(s.outcome()).isEqualTo(Attempt.AUTHORIZED)))
                    .when(settle(2, 100, 100, 2))
                    .then(wish(2, 100, 100, 2), taking(1, 2, 100));
        }

        @Test
        void what_comes_after_the_end_is_voided() {
            given(Payment.AGGREGATE, wish(1, 100, 0, 1), asked(1, 100, 100))
                    .when(settle(2, 0, 0, 1))
                    .then(wish(2, 0, 0, 1))
                    .when(authorized(1, 100))
                    .then(held(1, 100), voiding(1, 1, 100));
        }

        @Test
        void a_void_that_failed_is_asked_for_again_when_it_is_time() {
            live(100, 0)
                    .when(settle(2, 0, 0, 1))
                    .when(new RecordVoidFailed(1, "down", null))
                    .then(new PaymentVoidFailed(1, "down", 1, null))
                    .when(settle(3, 0, 0, 1))
                    .then(wish(3, 0, 0, 1))
                    .when(new AskAgain(Kind.VOID, 1))
                    .then(voiding(2, 1, 100))
                    .when(new AskAgain(Kind.VOID, 1))
                    .thenRejected(Refusal.OPERATION_IN_FLIGHT);
        }

        @Test
        void a_void_of_what_has_ended_is_not_asked_for_again() {
            live(100, 0)
                    .when(settle(2, 0, 0, 1))
                    .when(new RecordVoidFailed(1, "down", null))
                    .when(new ExpireAuthorization(1, END))
                    .then(new AuthorizationExpired(1, eur(100)))
                    .when(new AskAgain(Kind.VOID, 1))
                    .thenNothing();
        }
    }
}
