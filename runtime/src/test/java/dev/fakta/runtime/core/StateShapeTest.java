// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.runtime.Errand;
import dev.fakta.runtime.Wish;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The same state as two programs know it: the shape changes with whatever its JSON depends on.
@SuppressWarnings({
    "SameNameButDifferent",
    "ArrayRecordComponent"
}) // programs that differ in little
class StateShapeTest {

    interface Before {
        enum Level {
            LOW,
            HIGH
        }

        sealed interface Part {}

        record Whole(long count) implements Part {}

        record Line(String sku, List<Part> parts, Line next) {}

        record State(UUID id, Map<String, Line> lines, Level level, int[] counts) {}
    }

    interface Same {
        enum Level {
            LOW,
            HIGH
        }

        sealed interface Part {}

        record Whole(long count) implements Part {}

        record Line(String sku, List<Part> parts, Line next) {}

        record State(UUID id, Map<String, Line> lines, Level level, int[] counts) {
            int more() {
                return 1;
            }
        }
    }

    interface OtherLevel {
        enum Level {
            LOW,
            HIGH,
            HIGHER
        }

        record State(UUID id, Map<String, Before.Line> lines, Level level, int[] counts) {}
    }

    interface OtherPart {
        sealed interface Part {}

        record Whole(long count, long more) implements Part {}

        record Line(String sku, List<Part> parts, Line next) {}

        record State(UUID id, Map<String, Line> lines, Before.Level level, int[] counts) {}
    }

    interface OtherName {
        record State(UUID key, Map<String, Before.Line> lines, Before.Level level, int[] counts) {}
    }

    interface OtherType {
        record State(String id, Map<String, Before.Line> lines, Before.Level level, int[] counts) {}
    }

    interface OtherArgument {
        record State(UUID id, Map<Long, Before.Line> lines, Before.Level level, int[] counts) {}
    }

    interface OneMore {
        record State(
                UUID id,
                Map<String, Before.Line> lines,
                Before.Level level,
                int[] counts,
                boolean isNew) {}
    }

    private static final String BEFORE =
            StateShape.of(new Before.State(new UUID(0, 1), Map.of(), Before.Level.LOW, new int[0]));

    private record Box<T>(T content) {}

    private record First(int one) {}

    private record Second(int one, int two) {}

    @Test
    void a_state_of_the_same_components_has_the_same_shape() {
        assertThat(
                        StateShape.of(
                                new Same.State(
                                        new UUID(9, 9), Map.of(), Same.Level.HIGH, new int[3])))
                .isEqualTo(BEFORE);
    }

    @Test
    void the_shape_is_the_same_in_every_JVM() {
        assertThat(BEFORE).isEqualTo("1bbbcb28b3134f1e");
    }

    @Test
    void another_component_name_type_constant_or_part_is_another_shape() {
        UUID id = new UUID(0, 1);
        int[] none = new int[0];
        assertThat(
                        List.of(
                                new OtherLevel.State(id, Map.of(), OtherLevel.Level.LOW, none),
                                new OtherPart.State(id, Map.of(), Before.Level.LOW, none),
                                new OtherName.State(id, Map.of(), Before.Level.LOW, none),
                                new OtherType.State("", Map.of(), Before.Level.LOW, none),
                                new OtherArgument.State(id, Map.of(), Before.Level.LOW, none),
                                new OneMore.State(id, Map.of(), Before.Level.LOW, none, true)))
                .map(StateShape::of)
                .doesNotHaveDuplicates()
                .doesNotContain(BEFORE);
    }

    @Test
    void what_a_type_parameter_stands_for_is_part_of_the_shape() {
        assertThat(StateShape.of(new Box<>(new First(1))))
                .isEqualTo(StateShape.of(new Box<>(new First(2))))
                .isNotEqualTo(StateShape.of(new Box<>(new Second(1, 2))));
    }

    @Test
    void a_sagas_own_state_is_part_of_the_shape() {
        assertThat(StateShape.of(Wish.SAGA.aggregate().initial()))
                .isNotEqualTo(StateShape.of(Errand.running(null).aggregate().initial()));
    }
}
