// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.SagaCommand;
import dev.fakta.domain.SagaEvent;
import dev.fakta.domain.SagaState;
import dev.fakta.runtime.core.EventCodec;
import dev.fakta.runtime.sagas.SagaJson;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Sagas' events of earlier versions of the kit, which logs still have.
class SagaEventsTest {

    private static final Microsystems ALL = Microsystems.of(Wish.MICROSYSTEM);
    private static final EventCodec CODEC = new EventCodec(ALL, new SagaJson(ALL));
    private static final UUID CORRELATION = new UUID(0, 7);

    private static Object decode(String name, String json) {
        return CODEC.decode(name, 1, json.getBytes(UTF_8));
    }

    @Test
    void a_saga_that_began_and_ended_with_events_of_their_own_is_read() {
        Aggregate<SagaCommand, Object, SagaState<Wish>> aggregate = Wish.SAGA.aggregate();
        SagaState<Wish> state = aggregate.initial();
        List<Object> events =
                List.of(
                        decode(
                                "saga-started",
                                "{\"at\":\"2026-07-01T12:00:00Z\",\"correlationId\":\"%s\"}"
                                        .formatted(CORRELATION)),
                        decode(
                                "saga-reacted",
                                """
                                {"at":"2026-07-01T12:00:00Z","version":1,
                                 "input":{"kind":"EVENT","name":"wish-made","number":5,"detail":"3"},
                                 "asks":[],"alarms":[],"cancels":[]}"""),
                        decode("saga-completed", "{\"at\":\"2026-07-01T12:00:01Z\"}"));
        assertThat(events.get(1))
                .isInstanceOfSatisfying(
                        SagaEvent.Reacted.class,
                        reacted -> {
                            assertThat(reacted.begins()).isNull();
                            assertThat(reacted.completes()).isFalse();
                        });
        state = aggregate.evolve(state, events.get(0));
        assertThat(state.phase()).isEqualTo(SagaState.Phase.RUNNING);
        assertThat(state.correlationId()).isEqualTo(CORRELATION);
        state = aggregate.evolve(state, events.get(1));
        assertThat(state.phase()).isEqualTo(SagaState.Phase.RUNNING);
        state = aggregate.evolve(state, events.get(2));
        assertThat(state.phase()).isEqualTo(SagaState.Phase.COMPLETED);
    }
}
