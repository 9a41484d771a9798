// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import static dev.fakta.testkit.Surroundings.surroundings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.Payment.Command;
import dev.fakta.orders.payments.Payment.Command.Fact;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.provider.AskProvider.Ask;
import dev.fakta.orders.payments.provider.AskProvider.Look;
import dev.fakta.testkit.AlarmScenario;
import dev.fakta.testkit.Processed;
import dev.fakta.testkit.Surroundings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The way of one operation through the provider, in virtual time.
class OperationClockTest {

    private static final Money TEN = Money.of(1_000, "EUR");
    private static final Instant LATER = Instant.parse("2026-07-08T12:00:00Z");
    private static final Ask ASK = new Ask(Kind.AUTHORIZATION, 1);
    private static final Look LOOK = new Look(Kind.AUTHORIZATION, 1);
    private static final Event REQUESTED =
            new Event.AuthorizationRequested("o", TEN, 1, TEN, "card", "tok_ok");
    private static final Event AUTHORIZED =
            new Event.PaymentAuthorized(1, TEN, "op_1", LATER, null);
    private static final Event UNKNOWN = new Event.OutcomeUnknown(Kind.AUTHORIZATION, 1);

    /// Answers what it was told to, and remembers what it was asked.
    private static final class Script implements PaymentProvider {
        private final ArrayDeque<Answer> answers = new ArrayDeque<>();
        private final List<String> asked = new ArrayList<>();

        Script(Answer... answers) {
            this.answers.addAll(List.of(answers));
        }

        private Answer next(String question) {
            asked.add(question);
            return answers.remove();
        }

        @Override
        public Answer authorize(
                String key, String payment, Money amount, String method, String token) {
            return next("authorize %s %s %s".formatted(key, method, token));
        }

        @Override
        public Answer capture(String key, String payment, String authorization, Money amount) {
            return next("capture %s of %s".formatted(key, authorization));
        }

        @Override
        public Answer cancel(String key, String payment, String authorization) {
            return next("cancel %s of %s".formatted(key, authorization));
        }

        @Override
        public Answer refund(String key, String payment, @Nullable String capture, Money amount) {
            return next("refund %s of %s".formatted(key, capture));
        }

        @Override
        public Answer find(String key) {
            return next("find " + key);
        }
    }

    private static Processed<Command> ask(Script provider, Event... events) {
        return at(events).process(new AskProvider(provider).asking(), ASK);
    }

    private static Processed<Command> look(Script provider, Event... events) {
        return at(events).process(new AskProvider(provider).looking(), LOOK);
    }

    private static Surroundings at(Event... events) {
        return surroundings().with(Payment.AGGREGATE, "p", events).sendingTo("p");
    }

    private static void asked(Script provider, String... questions) {
        assertThat(provider.asked).containsExactly(questions);
    }

    @Nested
    class TheClock {

        private AlarmScenario requested() {
            return AlarmScenario.scenario(
                            OperationClock.of(new AskProvider(new Script()), Pace.calm()))
                    .whenIn("p", REQUESTED)
                    .thenSends("p", ASK);
        }

        @Test
        void asks_once() {
            requested()
                    .thenNothingIsSet()
                    .whenIn("p", AUTHORIZED)
                    .thenSendsNothing()
                    .thenNothingIsSet();
        }

        @Test
        void looks_a_while_after_an_outcome_was_lost_and_never_asks_again() {
            requested()
                    .whenIn("p", UNKNOWN)
                    .thenSendsNothing()
                    .whenTimePasses(Duration.ofSeconds(10))
                    .thenSends("p", LOOK)
                    .whenUnanswered()
                    .whenTimePasses(Duration.ofSeconds(2))
                    .thenSends("p", LOOK)
                    .whenIn("p", AUTHORIZED)
                    .thenNothingIsSet();
        }

        @Test
        void forgets_to_look_when_a_webhook_was_faster() {
            requested()
                    .whenIn("p", UNKNOWN)
                    .whenIn("p", AUTHORIZED)
                    .whenTimePasses(Duration.ofDays(1))
                    .thenSendsNothing();
        }

        @Test
        void goes_on_looking_two_minutes_apart_when_nobody_answers() {
            var looking = requested().whenIn("p", UNKNOWN).whenTimePasses(Duration.ofSeconds(10));
            for (int i = 1; i <= 2 * Pace.calm().retry().attempts(); i++) {
                looking.whenUnanswered().whenTimePasses(Pace.calm().retry().longest());
            }
            looking.thenSends("p", LOOK);
        }

        @Test
        void calls_people_when_the_payment_refuses_what_the_provider_tells() {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> requested().whenRefused(Payment.Refusal.AMOUNT_DIFFERS))
                    .withMessageContaining("waits for an operator");
            requested().whenRefused(Payment.Refusal.OUTCOME_CONTRADICTED).thenNothingIsSet();
        }

        @Test
        void leaves_facts_of_before_its_time_alone() {
            AlarmScenario.scenario(OperationClock.of(new AskProvider(new Script()), Pace.calm()))
                    .whenIn("p", AUTHORIZED)
                    .thenSendsNothing()
                    .thenNothingIsSet();
        }
    }

    @Nested
    class Asking {

        @Test
        void makes_facts_of_what_the_provider_says() {
            Script says = new Script(new Answer.Done("op_1", TEN, LATER));
            ask(says, REQUESTED).thenSends(new Fact.RecordAuthorized(1, TEN, "op_1", LATER, null));
            asked(says, "authorize p-authorization-1 card tok_ok");
            ask(new Script(new Answer.Declined("card_declined")), REQUESTED)
                    .thenSends(new Fact.RecordDeclined(1, "card_declined", null));
        }

        @Test
        void makes_an_unknown_outcome_of_a_lost_or_late_answer() {
            Command unknown = new Fact.RecordOutcomeUnknown(Kind.AUTHORIZATION, 1);
            ask(new Script(new Answer.Unknown("timed out")), REQUESTED).thenSends(unknown);
            ask(new Script(new Answer.Pending()), REQUESTED).thenSends(unknown);
        }

        @Test
        void is_unanswered_when_nothing_was_asked() {
            ask(new Script(new Answer.NotAsked("nobody there")), REQUESTED)
                    .thenUnanswered("nobody there");
        }

        @Test
        void asks_nobody_about_what_is_settled_or_was_asked() {
            Command unknown = new Fact.RecordOutcomeUnknown(Kind.AUTHORIZATION, 1);
            Script silent = new Script();
            ask(silent, REQUESTED, AUTHORIZED).thenSends(unknown);
            ask(silent, REQUESTED, UNKNOWN).thenSends(unknown);
            look(silent, REQUESTED, AUTHORIZED).thenSends(unknown);
            asked(silent);
        }

        @Test
        void waits_for_an_event_that_it_is_too_early_for() {
            ask(new Script()).thenUnanswered("no such operation yet");
        }

        @Test
        void names_the_authorization_to_capture_from_by_the_providers_reference() {
            Script says = new Script(new Answer.Done("op_2", TEN, null));
            at(REQUESTED, AUTHORIZED, new Event.CaptureRequested(1, 1, "parcel", TEN))
                    .process(new AskProvider(says).asking(), new Ask(Kind.CAPTURE, 1))
                    .thenSends(new Fact.RecordCaptured(1, TEN, "op_2", null));
            asked(says, "capture p-capture-1 of op_1");
        }

        @Test
        void asks_for_what_an_order_wishes_under_the_number_of_its_attempt() {
            Event[] wished = {
                new Event.WishChanged(
                        "o", 1, TEN, TEN, List.of(), new Payment.Card(3, "card", "tok_3")),
                new Event.AuthorizationRequested("o", TEN, 3, TEN, "card", "tok_3")
            };
            Script says = new Script(new Answer.Done("op_1", TEN, LATER));
            at(wished)
                    .process(new AskProvider(says).asking(), new Ask(Kind.AUTHORIZATION, 3))
                    .thenSends(new Fact.RecordAuthorized(3, TEN, "op_1", LATER, null));
            asked(says, "authorize p-authorization-3 card tok_3");
        }

        @Test
        void gives_back_for_a_reason_from_the_payment_as_a_whole() {
            Script says = new Script(new Answer.Done("op_3", TEN, null));
            at(
                            REQUESTED,
                            AUTHORIZED,
                            new Event.CaptureRequested(1, 1, "take-1", TEN),
                            new Event.PaymentCaptured(1, TEN, "op_2", null),
                            new Event.RefundRequested(1, "return R1", 0, TEN))
                    .process(new AskProvider(says).asking(), new Ask(Kind.REFUND, 1))
                    .thenSends(new Fact.RecordRefunded(1, TEN, "op_3", null));
            asked(says, "refund p-refund-1 of null");
        }
    }

    @Nested
    class Looking {

        @Test
        void finds_what_became_of_the_key() {
            Script says = new Script(new Answer.Done("op_1", TEN, LATER));
            look(says, REQUESTED, UNKNOWN)
                    .thenSends(new Fact.RecordAuthorized(1, TEN, "op_1", LATER, null));
            asked(says, "find p-authorization-1");
        }

        @Test
        void asks_again_under_the_same_key_what_the_provider_does_not_know() {
            Script says = new Script(new Answer.NoSuchKey(), new Answer.Done("op_1", TEN, LATER));
            look(says, REQUESTED, UNKNOWN)
                    .thenSends(new Fact.RecordAuthorized(1, TEN, "op_1", LATER, null));
            asked(says, "find p-authorization-1", "authorize p-authorization-1 card tok_ok");
        }

        @Test
        void is_unanswered_while_nobody_knows() {
            look(new Script(new Answer.Pending()), REQUESTED, UNKNOWN)
                    .thenUnanswered("still at it");
            look(new Script(new Answer.Unknown("timed out")), REQUESTED, UNKNOWN)
                    .thenUnanswered("timed out");
            look(new Script(new Answer.NotAsked("away")), REQUESTED, UNKNOWN)
                    .thenUnanswered("away");
        }
    }
}
