// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static dev.fakta.testkit.SagaScenario.scenario;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Problem;
import dev.fakta.domain.Progress;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Retry;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaCommand;
import dev.fakta.domain.SagaInput;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.SagaState.Status;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import dev.fakta.testkit.Tour.CancelAsked;
import dev.fakta.testkit.Tour.Cursed;
import dev.fakta.testkit.Tour.Event.Begun;
import dev.fakta.testkit.Tour.Event.Failed;
import dev.fakta.testkit.Tour.Order.Charge;
import dev.fakta.testkit.Tour.Order.Confirm;
import dev.fakta.testkit.Tour.Order.Refund;
import dev.fakta.testkit.Tour.Order.Reject;
import dev.fakta.testkit.Tour.Order.Release;
import dev.fakta.testkit.Tour.Order.Reserve;
import dev.fakta.testkit.Tour.Refusal;
import dev.fakta.testkit.Tour.Wished;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SagaScenarioTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private static SagaScenario<Tour.Event, Tour> begun() {
        return scenario(Tour.SAGA, "t1").when(new Wished(List.of("ritz", "savoy")));
    }

    private static SagaScenario<Tour.Event, Tour> charging() {
        return begun().whenAccepted("reserve");
    }

    @Test
    void parallel_runs_of_a_step_are_sent_at_once_and_the_next_step_waits_for_all() {
        begun().then(new Begun(List.of("ritz", "savoy")))
                .thenSends(new Reserve(), new Reserve())
                .thenWakes("window", Tour.WINDOW)
                .whenAccepted("reserve", "savoy")
                .thenSendsNothing()
                .whenAccepted("reserve", "ritz")
                .thenSends(new Charge());
    }

    @Test
    void a_saga_that_has_done_everything_ends() {
        charging()
                .whenAccepted("charge")
                .thenSends(new Confirm())
                .whenAccepted("confirm")
                .thenCompleted()
                .whenTimePasses(Duration.ofDays(99))
                .thenNothing();
    }

    @Test
    void an_input_that_comes_again_changes_nothing() {
        begun().whenRepeated()
                .thenNothing()
                .whenAccepted("reserve", "ritz")
                .whenRepeated()
                .thenNothing();
    }

    @Test
    void what_was_done_is_undone_in_reverse_order_one_at_a_time() {
        charging()
                .whenRefused("charge", Refusal.FULL)
                .then(new Failed("FULL"))
                .thenSends(new Release())
                .whenAccepted("reserve", "savoy")
                .thenSends(new Release())
                .whenAccepted("reserve", "ritz")
                .thenSends(new Reject("FULL"))
                .whenAccepted("reject")
                .thenCompleted();
    }

    @Test
    void what_was_refused_is_not_undone() {
        begun().whenAccepted("reserve", "ritz")
                .whenRefused("reserve", "savoy", Refusal.FULL)
                .thenSends(new Release())
                .whenAccepted("reserve", "ritz")
                .thenSends(new Reject("FULL"));
    }

    @Test
    void undoing_waits_for_what_is_under_way() {
        begun().when(new CancelAsked())
                .thenSendsNothing()
                .whenAccepted("reserve", "ritz")
                .thenSendsNothing()
                .whenAccepted("reserve", "savoy")
                .thenSends(new Release());
    }

    @Test
    void a_timer_wakes_the_saga_when_it_is_due_and_not_before() {
        charging()
                .whenTimePasses(Tour.WINDOW.minusMillis(1))
                .thenNothing()
                .whenTimePasses(Duration.ofMillis(1))
                .then(new Failed("TOO_LATE"));
    }

    @Test
    void a_timer_that_was_cancelled_never_comes() {
        charging().whenAccepted("charge").whenTimePasses(HOUR).thenNothing();
    }

    @Test
    void a_step_without_an_answer_is_tried_again_after_longer_and_longer_pauses() {
        charging()
                .whenUnanswered("charge", "no line")
                .thenSendsNothing()
                .whenTimePasses(Duration.ofSeconds(2))
                .thenSends(new Charge())
                .whenUnanswered("charge", "no line")
                .whenTimePasses(Duration.ofSeconds(2))
                .thenSendsNothing()
                .whenTimePasses(Duration.ofSeconds(1))
                .thenSends(new Charge());
    }

    private static SagaScenario<Tour.Event, Tour> stuck() {
        return charging()
                .whenUnanswered("charge", "no line")
                .whenUnanswered("charge", "no line")
                .whenUnanswered("charge", "no line at all");
    }

    @Test
    void a_step_that_has_used_up_its_attempts_is_stuck() {
        stuck().thenStuck("no line at all").thenSendsNothing();
    }

    @Test
    void an_operator_retries_a_stuck_step() {
        stuck().whenRetried()
                .thenSends(new Charge())
                .thenIs(Status.LIVE)
                .whenAccepted("charge")
                .thenSends(new Confirm());
    }

    @Test
    void an_operator_skips_a_stuck_step_which_is_not_undone_later() {
        stuck().whenSkipped()
                .thenSends(new Confirm())
                .whenRefused("confirm", Refusal.FULL)
                .thenSends(new Release());
    }

    @Test
    void an_operator_undoes_a_stuck_saga_and_the_stuck_step_may_have_been_done() {
        stuck().whenCompensated()
                .thenSends(new Refund())
                .whenAccepted("charge")
                .thenSends(new Release());
    }

    @Test
    void an_undoing_that_is_refused_is_stuck_and_can_be_retried_or_skipped() {
        SagaScenario<Tour.Event, Tour> refused =
                charging()
                        .when(new CancelAsked())
                        .whenAccepted("charge")
                        .thenSends(new Refund())
                        .whenRefused("charge", Refusal.FULL)
                        .thenStuck("charge cannot be undone: FULL");
        refused.whenRetried()
                .thenSends(new Refund())
                .whenRefused("charge", Refusal.FULL)
                .whenSkipped()
                .thenSends(new Release());
    }

    @Test
    void an_operator_is_told_what_does_not_fit() {
        scenario(Tour.SAGA, "t1").whenCompensated().thenRefused(SagaCommand.Refusal.NOT_STARTED);
        begun().whenRetried()
                .thenRefused(SagaCommand.Refusal.NOTHING_TO_RETRY)
                .whenSkipped()
                .thenRefused(SagaCommand.Refusal.NOTHING_TO_SKIP)
                .whenCompensated()
                .whenCompensated()
                .thenRefused(SagaCommand.Refusal.ALREADY_COMPENSATED);
    }

    @Test
    void an_input_that_react_fails_on_parks_the_saga_and_what_follows_waits() {
        begun().when(new Cursed())
                .thenParked("cursed")
                .whenAccepted("reserve")
                .thenSendsNothing()
                .whenTimePasses(HOUR)
                .thenSendsNothing()
                .thenIs(Status.PARKED);
    }

    @Test
    void a_parked_saga_that_is_retried_before_the_fix_parks_again() {
        begun().when(new Cursed()).whenRetried().thenParked("cursed");
    }

    @Test
    void a_parked_saga_goes_on_with_what_waited_when_the_input_is_skipped() {
        begun().when(new Cursed())
                .whenAccepted("reserve")
                .whenSkipped()
                .thenSends(new Charge())
                .thenIs(Status.LIVE);
    }

    @Test
    void a_timer_that_is_due_while_the_saga_is_parked_comes_after_what_waited() {
        begun().when(new Cursed())
                .whenAccepted("reserve")
                .whenTimePasses(HOUR)
                .whenSkipped()
                .thenSends(new Charge())
                .then(new Failed("TOO_LATE"));
    }

    @Test
    void a_saga_that_waits_too_long_for_nothing_is_stuck() {
        SagaScenario<Tour.Event, Tour> waiting =
                scenario(Tour.SAGA, "t1").when(new Wished(List.of()));
        waiting.whenTimePasses(Tour.WINDOW)
                .thenSends(new Reject("TOO_LATE"))
                .whenRefused("reject", Refusal.FULL)
                .whenTimePasses(Duration.ofHours(2))
                .thenStuck("nothing has come for PT2H")
                .whenRetried()
                .thenIs(Status.LIVE);
    }

    @Test
    void an_event_for_a_saga_that_has_not_begun_leaves_no_trace() {
        scenario(Tour.SAGA, "t1").when(new CancelAsked()).thenNothing();
    }

    @Test
    void a_step_that_got_another_name_is_known_by_its_earlier_one() {
        Saga<Tour.Event, Tour> renamed = Tour.SAGA.renamed("book", "reserve");
        assertThat(renamed.knowsStep("book")).isTrue();
        assertThat(Tour.SAGA.knowsStep("book")).isFalse();
    }

    @Test
    void an_older_version_leaves_alone_what_a_newer_one_has_reacted_for() {
        SagaState<Tour> newer =
                scenario(Tour.SAGA.version(2), "t1").when(new Wished(List.of("ritz"))).state();
        var command = new SagaCommand.Retry(newer.since(), "why not");
        assertThatIllegalStateException()
                .isThrownBy(() -> Tour.SAGA.aggregate().decide(newer, command))
                .withMessage("version 2 of saga tour has reacted, and this is version 1");
    }

    @Test
    void a_saga_that_does_not_react_the_same_way_twice_fails_its_test() {
        AtomicInteger times = new AtomicInteger();
        Saga<Tour.Event, Tour> impure =
                Saga.named("impure")
                        .startingAs(new Tour(List.of(), ""))
                        .<Tour.Event>reacting(
                                (_, _, _) ->
                                        Reaction.record(new Failed("" + times.incrementAndGet())))
                        .evolving(Tour::evolve)
                        .on(Wished.class, (_, at) -> at.id());
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> scenario(impure, "x").when(new Wished(List.of())))
                .withMessageContaining("decided twice");
    }

    @Test
    void other_commands_than_promised_fail_with_the_whole_story() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> begun().thenSends(new Charge()))
                .withMessageContaining("saga tour t1")
                .withMessageContaining("when  Wished[hotels=[ritz, savoy]]")
                .withMessageContaining("Charge[]");
    }

    private static final Processor<Wished, Tour.Order> AGENCY =
            Processor.named("agency")
                    .taking(Wished.class)
                    .sendingTo(Tour.ANYBODY)
                    .processing((_, _) -> new Processor.Outcome.Send<>(new Reserve()));

    private static SagaScenario<Tour.Event, String> asking() {
        Saga<Tour.Event, String> saga =
                Saga.named("asking")
                        .startingAs("")
                        .reacting((String _, SagaInput input, Progress _) -> asked(input))
                        .evolving((String _, Tour.Event event) -> event.toString())
                        .event("asking-begun", Begun.class)
                        .event("asking-failed", Failed.class)
                        .on(Wished.class, (_, at) -> at.id())
                        .step(
                                Step.<String>named("ask")
                                        .doing((_, _) -> Send.through(AGENCY, "a", WISHED))
                                        .retrying(Retry.times(2)));
        return scenario(saga, "t1").when(WISHED);
    }

    private static final Wished WISHED = new Wished(List.of("ritz"));

    private static Reaction<Tour.Event> asked(SagaInput input) {
        return switch (input) {
            case SagaInput.Happened _ -> Reaction.<Tour.Event>nothing().run("ask");
            case SagaInput.Refused(_, _, var rejection, var detail) ->
                    Reaction.<Tour.Event>record(new Failed(rejection + " " + detail)).complete();
            case SagaInput.Done _ -> Reaction.<Tour.Event>nothing().complete();
            case SagaInput.Unanswered _, SagaInput.Woken _, SagaInput.Compensated _ ->
                    Reaction.nothing();
        };
    }

    @Test
    void a_step_that_goes_through_a_processor_sends_its_request_until_it_is_answered() {
        asking().thenSends(WISHED)
                .whenUnanswered("ask", "nobody there")
                .thenSendsNothing()
                .whenTimePasses(Duration.ofSeconds(1))
                .thenSends(WISHED)
                .whenAccepted("ask")
                .thenCompleted();
        asking().whenUnanswered("ask", "nobody there")
                .whenTimePasses(HOUR)
                .whenUnanswered("ask", "nobody there")
                .thenStuck("nobody there");
    }

    @Test
    void a_processor_refuses_a_step_for_all_its_reasons() {
        asking().whenRefused("ask", new Problem("hotels", "are full"), new Problem("day", "past"))
                .then(new Failed("REFUSED hotels: are full; day: past"))
                .thenCompleted();
    }

    @Test
    void a_step_that_the_saga_does_not_declare_fails_the_scenario_by_its_name() {
        Saga<Tour.Event, String> boom =
                Saga.named("boom")
                        .startingAs("")
                        .reacting(
                                (String _, SagaInput _, Progress _) ->
                                        Reaction.<Tour.Event>nothing().run("aks"))
                        .evolving((String _, Tour.Event event) -> event.toString())
                        .on(Wished.class, (_, at) -> at.id())
                        .step(
                                Step.<String>named("ask")
                                        .doing((_, _) -> Send.through(AGENCY, "a", WISHED)));
        SagaScenario<Tour.Event, String> scenario = scenario(boom, "t1");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> scenario.when(WISHED))
                .withMessageContaining("saga boom declares no step aks: it declares [ask]")
                .withMessageContaining("when  " + WISHED);
    }
}
