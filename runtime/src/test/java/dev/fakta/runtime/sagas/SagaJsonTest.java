// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.At;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.SagaCommand;
import dev.fakta.domain.SagaCommand.Fact;
import dev.fakta.domain.SagaCommand.Offer;
import dev.fakta.domain.SagaCommand.Told;
import dev.fakta.domain.SagaEvent;
import dev.fakta.domain.SagaEvent.Request;
import dev.fakta.domain.SagaState;
import dev.fakta.runtime.Errand;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Wish;
import dev.fakta.runtime.core.EventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What is written of a saga (in events, in snapshots, between nodes) is read as what it was.
@ResourceLock("Wish.isFixed")
class SagaJsonTest {

    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00.123Z");
    private static final Aggregate<SagaCommand, Object, SagaState<Wish>> SAGA =
            Wish.SAGA.aggregate();

    private final EventCodec codec = codec(Microsystems.of(Wish.MICROSYSTEM));
    private final JsonMapper json = codec.json();

    @BeforeEach
    void breakAgain() {
        Wish.isFixed = false;
    }

    private static Offer made(long offset, long amount) {
        UUID id = new UUID(1, offset);
        At at = new At("w", 1, 3, offset, NOON, "anna", id, id, id);
        var event = new Wish.Event.Made(List.of("a", "b"), amount, 0);
        return new Offer(Told.event("wish-made", 3, offset), new Fact("wish-made", event, at));
    }

    private static SagaCommand take(Told told) {
        return new SagaCommand.Take(NOON, List.of(new Offer(told, null)));
    }

    private SagaState<Wish> after(SagaState<Wish> state, SagaCommand command) {
        SagaState<Wish> now = state;
        if (SAGA.decide(state, command) instanceof Decision.Accepted<Object>(var events)) {
            for (Object event : events) {
                String name = codec.typeOf(event).name();
                int version = codec.typeOf(event).version();
                assertThat(codec.decode(name, version, codec.encode(event))).isEqualTo(event);
                now = SAGA.evolve(now, event);
            }
        }
        assertThat(json.readValue(json.writeValueAsBytes(now), SagaState.class)).isEqualTo(now);
        return now;
    }

    private static EventCodec codec(Microsystems microsystems) {
        return new EventCodec(microsystems, new SagaJson(microsystems));
    }

    @Test
    void every_event_and_state_of_a_troubled_life_is_read_as_it_was_written() {
        SagaState<Wish> state =
                after(SAGA.initial(), new SagaCommand.Take(NOON, List.of(made(1, 5))));
        state = after(state, take(Told.woken("pause", 1)));
        state = after(state, take(Told.unanswered(2, "no line")));
        state = after(state, take(Told.unanswered(2, "no line")));
        assertThat(state.status()).isEqualTo(SagaState.Status.STUCK);
        state = after(state, new SagaCommand.Take(NOON, List.of(made(2, Wish.UNLUCKY))));
        assertThat(state.status()).isEqualTo(SagaState.Status.PARKED);
        state = after(state, take(Told.accepted(3)));
        assertThat(state.backlog()).hasSize(2);
        state = after(state, new SagaCommand.Compensate(NOON, "enough"));
        assertThat(state.backlog()).hasSize(2);
        state = after(state, new SagaCommand.Take(NOON, List.of(made(2, Wish.UNLUCKY))));
        assertThat(state.status()).isEqualTo(SagaState.Status.PARKED);
        state = after(state, new SagaCommand.Skip(NOON, "not needed"));
        state = after(state, take(Told.accepted(3)));
        assertThat(state.backlog()).isEmpty();
        assertThat(state.open()).hasSize(1);
    }

    @Test
    void what_an_earlier_version_of_the_kit_wrote_has_no_reason_and_no_trace() {
        SagaState<Wish> state =
                after(SAGA.initial(), new SagaCommand.Take(NOON, List.of(made(1, 5))));
        state = after(state, take(Told.woken("pause", 1)));
        JsonNode earlier = json.readTree(json.writeValueAsBytes(state));
        for (JsonNode run : earlier.path("runs")) {
            assertThat(((ObjectNode) run).remove("reason")).isNotNull();
        }
        assertThat(json.treeToValue(earlier, SagaState.class)).isEqualTo(state);
        byte[] parked =
                """
                {"at":"2026-07-01T12:00:00Z","input":
                  {"kind":"EVENT","name":"wish-made","number":1,"detail":"3"},"reason":"fails"}"""
                        .getBytes(StandardCharsets.UTF_8);
        assertThat(codec.decode("saga-parked", 1, parked))
                .isEqualTo(
                        new SagaEvent.Parked(
                                Instant.parse("2026-07-01T12:00:00Z"),
                                Told.event("wish-made", 3, 1),
                                "fails",
                                ""));
    }

    @Test
    void a_command_on_its_way_to_another_node_is_read_as_it_was_written() {
        SagaCommand take = new SagaCommand.Take(NOON, List.of(made(1, 5)));
        byte[] written = json.writeValueAsBytes(take);
        assertThat(json.readValue(written, SagaCommand.Take.class)).isEqualTo(take);
    }

    @Test
    void a_command_that_the_program_has_no_record_for_stays_as_it_is() {
        String past =
                "{\"aggregate\":\"tally\",\"id\":\"a\",\"type\":\"Subtract\",\"command\":{\"amount\":3}}";
        Request read = json.readValue(past, Request.class);
        assertThat(read.command())
                .isInstanceOfSatisfying(
                        UnknownCommand.class,
                        command -> assertThat(command.type()).isEqualTo("Subtract"));
        assertThat(json.writeValueAsString(read)).isEqualTo(past);
    }

    @Test
    void a_request_to_a_processor_is_read_as_it_was_written() {
        JsonMapper errands =
                codec(Microsystems.of(Errand.microsystem(_ -> new Outcome.Unanswered<>("never"))))
                        .json();
        Request asked = new Request("tally", "ask-outside", "a", new Errand.Question(3));
        byte[] written = errands.writeValueAsBytes(asked);
        assertThat(errands.readValue(written, Request.class)).isEqualTo(asked);
        assertThat(json.readValue(written, Request.class).command())
                .as("by a program that has no such processor")
                .isInstanceOf(UnknownCommand.class);
    }
}
