// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;
import static dev.fakta.testkit.Given.given;
import static dev.fakta.testkit.Given.givenAll;
import static dev.fakta.testkit.Surroundings.surroundings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Problem;
import dev.fakta.domain.Rejection;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GivenWhenThenTest {

    record Add(int number) {}

    record Added(int number) {}

    enum Refusal implements Rejection {
        TOO_MUCH,
        NEGATIVE
    }

    static final Aggregate<Add, Added, Integer> SUM =
            Aggregate.named("sum")
                    .taking(Add.class)
                    .startingAs(0)
                    .deciding(GivenWhenThenTest::decide)
                    .evolving((Integer sum, Added added) -> sum + added.number())
                    .event("added", Added.class);

    static final Processor<Integer, Add> ADDING =
            Processor.named("adding")
                    .taking(Integer.class)
                    .sendingTo(SUM)
                    .processing(GivenWhenThenTest::process);

    private static Decision<Added> decide(Integer sum, Add add) {
        if (add.number() < 0) {
            return reject(Refusal.NEGATIVE);
        }
        if (sum + add.number() > 10) {
            return reject(Refusal.TOO_MUCH);
        }
        return add.number() == 0 ? accept() : accept(new Added(add.number()));
    }

    private static Outcome<Add> process(Integer number, Processor.Context context) {
        return context.permits("add")
                ? new Outcome.Send<>(new Add(number + context.state(SUM, "other")))
                : new Outcome.Refuse<>(List.of(new Problem("number", "no")));
    }

    @Test
    void what_was_promised_passes() {
        given(SUM, new Added(1))
                .when(new Add(2))
                .then(new Added(2))
                .andState(sum -> assertThat(sum).isEqualTo(3))
                .when(new Add(7))
                .then(new Added(7))
                .when(new Add(0))
                .thenNothing()
                .when(new Add(1))
                .thenRejected(Refusal.TOO_MUCH);
    }

    @Test
    void a_history_may_come_as_a_list() {
        assertThat(givenAll(SUM, List.of(new Added(1), new Added(2))).state()).isEqualTo(3);
    }

    @Test
    void other_events_fail_with_the_whole_story() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> given(SUM, new Added(1)).when(new Add(2)).then(new Added(3)))
                .withMessageContaining("aggregate sum")
                .withMessageContaining("given [Added[number=1]]")
                .withMessageContaining("when  Add[number=2]")
                .withMessageContaining("Added[number=3]");
    }

    @Test
    void events_instead_of_nothing_fail() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> given(SUM).when(new Add(2)).thenNothing());
    }

    @Test
    void a_refusal_instead_of_events_fails_with_its_name() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> given(SUM).when(new Add(11)).then(new Added(11)))
                .withMessageContaining("should be accepted, but was rejected as TOO_MUCH");
    }

    @Test
    void events_instead_of_a_refusal_fail_with_the_events() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> given(SUM).when(new Add(1)).thenRejected(Refusal.TOO_MUCH))
                .withMessageContaining("rejected as TOO_MUCH, but was accepted with [Added");
    }

    @Test
    void another_refusal_fails() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> given(SUM).when(new Add(-1)).thenRejected(Refusal.TOO_MUCH))
                .withMessageContaining("NEGATIVE");
    }

    @Test
    void a_decider_that_is_not_pure_fails() {
        AtomicInteger clock = new AtomicInteger();
        Aggregate<Add, Added, Integer> impure =
                Aggregate.named("impure")
                        .taking(Add.class)
                        .startingAs(0)
                        .deciding((Integer _, Add _) -> accept(new Added(clock.incrementAndGet())))
                        .evolving((Integer sum, Added _) -> sum);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> given(impure).when(new Add(1)))
                .withMessageContaining("decided twice");
    }

    @Test
    void a_processor_sees_the_states_and_permissions_that_are_given() {
        surroundings()
                .with(SUM, "other", new Added(2), new Added(3))
                .permitting("add")
                .process(ADDING, 1)
                .thenSends(new Add(6));
        surroundings().process(ADDING, 1).thenRefused(new Problem("number", "no"));
    }

    @Test
    void a_processor_sees_the_time_and_the_id_that_are_given() {
        Instant noon = Instant.parse("2026-07-01T12:00:00Z");
        Surroundings fixed = surroundings().at(noon).sendingTo("order-1");
        assertThat(fixed.now()).isEqualTo(noon);
        assertThat(fixed.id()).isEqualTo("order-1");
    }

    @Test
    void a_refusal_instead_of_a_command_fails_with_its_problems() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> surroundings().process(ADDING, 1).thenSends(new Add(1)))
                .withMessageContaining("was refused: [Problem[field=number, reason=no]]");
    }

    @Test
    void a_command_instead_of_a_refusal_fails() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(
                        () ->
                                surroundings()
                                        .permitting("add")
                                        .process(ADDING, 1)
                                        .thenRefused(new Problem("number", "no")));
    }
}
