// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class PlainReadingTest {

    private final PlainReading plain =
            new PlainReading(JsonMapper.builder().build().getTypeFactory());

    enum Kind {
        ONE {
            @Override
            int number() {
                return 1;
            }
        };

        abstract int number();

        boolean isOne() {
            return this == ONE;
        }
    }

    sealed interface Shape {
        record Dot() implements Shape {}

        record Many(List<Shape> shapes) implements Shape {}
    }

    record Box<T>(T value) {}

    record Plain(
            String text,
            @Nullable BigDecimal amount,
            Map<String, List<Kind>> kinds,
            Optional<Shape> shape,
            Box<Instant> at,
            int[] numbers) {

        @Deprecated
        boolean issued() {
            return text.isEmpty();
        }

        Plain(String text, Kind kind) {
            this(
                    text,
                    null,
                    Map.of(text, List.of(kind)),
                    Optional.empty(),
                    new Box<>(Instant.EPOCH),
                    new int[0]);
        }

        static Plain settled() {
            throw new IllegalStateException();
        }
    }

    record Named(@JsonProperty("other") String text) {}

    enum NamedKind {
        @JsonProperty("other")
        ONE
    }

    record WithKind(List<NamedKind> kinds) {}

    record Boxed(Box<Map<String, Named[]>> deep) {}

    record Made(String text) {
        @JsonCreator
        static Made of(String text) {
            return new Made(text);
        }
    }

    record FromText(String text) {
        static FromText valueOf(String text) {
            return new FromText(text);
        }
    }

    record TwoWays(String text, int number) {
        TwoWays(String text) {
            this(text, 0);
        }
    }

    record Setting(String text) {
        void setText(String other) {
            throw new IllegalArgumentException(text + other);
        }
    }

    interface Above {
        @JsonProperty("other")
        String text();
    }

    interface Between extends Above {}

    record Below(String text) implements Between {}

    record Open(Runnable task, CharSequence text, Above above) {}

    @ParameterizedTest
    @ValueSource(classes = {Plain.class, Shape.class, Kind.class, String.class, long.class})
    void what_consists_of_plain_components_is_read_by_them(Class<?> type) {
        assertThat(suffices(type)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Named.class,
                NamedKind.class,
                WithKind.class,
                Boxed.class,
                Made.class,
                FromText.class,
                TwoWays.class,
                Setting.class,
                Below.class,
                Open.class
            })
    void jackson_is_asked_where_anything_else_may_have_a_say(Class<?> type) {
        assertThat(suffices(type)).isFalse();
    }

    record Whole(List<Half> halves, Named named) {}

    record Half(Optional<Whole> whole) {}

    @Test
    void two_that_hold_one_another_are_alike() {
        assertThat(suffices(Whole.class)).isFalse();
        assertThat(suffices(Half.class)).isFalse();
    }

    private boolean suffices(Class<?> type) {
        return plain.suffices(JsonMapper.builder().build().constructType(type));
    }
}
