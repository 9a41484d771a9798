// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import tools.jackson.databind.json.JsonMapper;

/// Gives an aggregate any commands, whether they make sense or not, and looks after each one at
/// what came of it.
public final class Histories {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Histories() {}

    /// Carries the commands out one after the other; `decide` and `evolve` throw at none of them.
    /// The check gets the state and all events after each decision. In the end the events and the
    /// state come back from JSON as they were.
    public static <C, E, S> void run(
            Aggregate<C, E, S> aggregate, List<C> commands, BiConsumer<S, List<E>> check) {
        S state = aggregate.initial();
        List<E> all = new ArrayList<>();
        for (C command : commands) {
            switch (aggregate.decide(state, command)) {
                case Decision.Rejected<E>(Rejection rejection) ->
                        assertThat(rejection.detail()).endsWith(".");
                case Decision.Accepted<E>(var events) -> {
                    for (E event : events) {
                        all.add(event);
                        state = aggregate.evolve(state, event);
                    }
                    check.accept(state, all);
                }
            }
        }
        all.forEach(Histories::survivesJson);
        survivesJson(state);
    }

    /// What JSON makes of it is equal to it.
    public static void survivesJson(Object value) {
        assertThat(JSON.<Object>readValue(JSON.writeValueAsString(value), valueType(value)))
                .isEqualTo(value);
    }

    @SuppressWarnings("unchecked") // every class is one of some object
    private static Class<Object> valueType(Object value) {
        return (Class<Object>) value.getClass();
    }
}
