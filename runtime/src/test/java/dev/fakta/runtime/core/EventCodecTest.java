// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.log.Positions;
import dev.fakta.log.Snapshot;
import dev.fakta.runtime.CodecException;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Versioned;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Nothing is written that cannot be read back.
class EventCodecTest {

    record State(int count) {}

    sealed interface Shape {
        record Circle(double radius) implements Shape {}

        record Square(long side) implements Shape {}

        sealed interface Group extends Shape {
            record Pair(Shape one, Shape other) implements Group {}
        }

        enum Known implements Shape {
            POINT,
            LINE {
                @Override
                public String toString() {
                    return "a line";
                }
            }
        }
    }

    sealed interface Box<T> {
        record Full<T>(T value) implements Box<T> {}

        record Empty<T>() implements Box<T> {}
    }

    record Line(String sku, int count, boolean isGift) {}

    record Flat(@Nullable String text, int number, boolean flag) {}

    record Basket(List<Line> lines, Map<String, Line> byName) {}

    record Shapes(
            Shape one,
            List<Shape> list,
            Set<Shape> set,
            Map<String, Shape> map,
            Optional<Shape> optional,
            Shape.Circle circle,
            Box<Shape> box,
            Box<List<Integer>> numbers) {}

    record Values(
            BigDecimal decimal,
            BigInteger whole,
            Instant instant,
            LocalDate date,
            OffsetDateTime offset,
            ZonedDateTime zoned,
            Duration duration,
            UUID id,
            Currency currency,
            OptionalLong maybe,
            Optional<String> text,
            DayOfWeek day,
            Map<DayOfWeek, Integer> days,
            Map<Long, UUID> ids,
            char letter,
            byte[] bytes,
            double[][] matrix) {}

    private static <E> Aggregate<Object, Object, State> aggregate(Class<E> event) {
        return Aggregate.named("odd")
                .taking(Object.class)
                .startingAs(new State(0))
                .<Object>deciding((_, _) -> Decision.accept())
                .evolving((state, _) -> state)
                .event("odd-done", event);
    }

    private static EventCodec codec(Class<?> event) {
        return codec(aggregate(event));
    }

    private static EventCodec codec(Aggregate<?, ?, ?> aggregate) {
        return new EventCodec(Microsystems.of(Microsystem.named("odds").with(aggregate)));
    }

    private static Object read(Class<?> event, String json) {
        return codec(event).decode("odd-done", 1, json.getBytes(StandardCharsets.UTF_8));
    }

    private static Object again(Object event) {
        EventCodec codec = codec(event.getClass());
        return codec.decode("odd-done", 1, codec.encodeToRecord(event));
    }

    @Nested
    final class Absent {

        @Test
        void a_primitive_is_an_error_that_names_event_and_component() {
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(() -> read(Flat.class, "{\"text\":\"x\",\"flag\":true}"))
                    .withMessageContaining("event 'odd-done' version 1")
                    .withMessageContaining("component number: is missing");
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(() -> read(Flat.class, "{\"number\":1}"))
                    .withMessageContaining("component flag: is missing");
        }

        @Test
        void a_primitive_of_a_record_inside_is_named_by_its_path() {
            String json =
                    """
                    {"lines":[{"sku":"a","count":1,"isGift":true},{"sku":"a","isGift":true}]}
                    """;
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(() -> read(Basket.class, json))
                    .withMessageContaining("component lines[1].count: is missing");
        }

        @Test
        void a_primitive_that_is_null_is_an_error_too() {
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(() -> read(Flat.class, "{\"number\":null,\"flag\":true}"))
                    .withMessageContaining("component number");
        }

        @Test
        void an_object_is_null_and_what_is_not_known_is_ignored() {
            assertThat(read(Flat.class, "{\"number\":1,\"flag\":true,\"new\":[1]}"))
                    .isEqualTo(new Flat(null, 1, true));
        }

        @Test
        void a_primitive_that_an_upcaster_forgets_is_an_error() {
            EventCodec codec = codec(aggregate(Flat.class).upcasting(fields -> fields));
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(
                            () ->
                                    codec.decode(
                                            "odd-done",
                                            1,
                                            "{\"flag\":true}".getBytes(StandardCharsets.UTF_8)))
                    .withMessageContaining("component number: is missing");
        }
    }

    @Test
    void a_sealed_component_says_which_record_it_is_and_comes_back() {
        Shape circle = new Shape.Circle(1.5);
        Shape pair = new Shape.Group.Pair(circle, new Shape.Square(3));
        Shapes event =
                new Shapes(
                        circle,
                        List.of(pair, circle, Shape.Known.POINT, Shape.Known.LINE),
                        Set.of(circle),
                        Map.of("a", pair),
                        Optional.of(pair),
                        new Shape.Circle(2),
                        new Box.Full<>(pair),
                        new Box.Full<>(List.of(1, 2)));
        assertThat(again(event)).isEqualTo(event);
        String json = new String(codec(Shapes.class).encode(event), StandardCharsets.UTF_8);
        assertThat(json)
                .startsWith("{\"one\":{\"@type\":\"Circle\",\"radius\":1.5}")
                .contains("\"circle\":{\"radius\":2.0}");
    }

    @Test
    void every_type_that_is_let_in_comes_back() {
        Values values =
                new Values(
                        new BigDecimal("1.10"),
                        BigInteger.TWO.pow(100),
                        Instant.parse("2026-07-01T12:00:00.123456789Z"),
                        LocalDate.EPOCH,
                        OffsetDateTime.parse("2026-07-01T12:00:00+02:00"),
                        ZonedDateTime.parse("2026-07-01T12:00:00+02:00[Europe/Vienna]"),
                        Duration.ofNanos(1_000_000_001),
                        new UUID(1, 2),
                        Currency.getInstance("EUR"),
                        OptionalLong.of(7),
                        Optional.empty(),
                        DayOfWeek.FRIDAY,
                        Map.of(DayOfWeek.MONDAY, 1),
                        Map.of(5L, new UUID(3, 4)),
                        'x',
                        new byte[] {1, 2},
                        new double[][] {{1, 2}, {3}});
        assertThat(again(values)).usingRecursiveComparison().isEqualTo(values);
    }

    @Test
    void a_decimal_of_an_older_version_keeps_its_digits() {
        record Priced(BigDecimal price) {}
        EventCodec codec = codec(aggregate(Priced.class).upcasting(fields -> fields));
        String json = "{\"price\":12345678901234567890.10}";
        assertThat(codec.decode("odd-done", 1, json.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new Priced(new BigDecimal("12345678901234567890.10")));
    }

    @Test
    void a_state_that_is_one_of_several_records_comes_back_from_its_snapshot() {
        Aggregate<Object, Object, Shape> shapes =
                Aggregate.named("shape")
                        .taking(Object.class)
                        .<Shape>startingAs(new Shape.Square(0))
                        .<Object>deciding((_, _) -> Decision.accept())
                        .evolving((shape, _) -> shape)
                        .event("shape-drawn", State.class);
        EventCodec codec = codec(shapes);
        @SuppressWarnings("unchecked")
        var erased = (Aggregate<Object, Object, Object>) (Aggregate<?, ?, ?>) shapes;
        Object circle = new Shape.Circle(2);
        Snapshot snapshot =
                codec.snapshots()
                        .write(
                                erased,
                                new Versioned<>("a", circle, 3, Positions.NONE, 0),
                                new CommandWindow.Kept(List.of(), 0));
        assertThat(snapshot).isNotNull();
        SnapshotCodec.Read read = codec.snapshots().read(erased, Objects.requireNonNull(snapshot));
        assertThat(Objects.requireNonNull(read).state()).isEqualTo(circle);
    }

    @Nested
    final class ReadingBack {

        record Rounded(long cents) {
            Rounded {
                cents = cents + 1; // as a constructor that changes what it is given each time
            }
        }

        record Inner(List<Rounded> amounts) {}

        private static final List<Object> SOUND_AND_UNSOUND =
                List.of(new Inner(List.of()), new Inner(List.of(new Rounded(1))));

        private static EventCodec codec(EventCodec.ReadsBack readsBack) {
            return new EventCodec(
                    readsBack,
                    Microsystems.of(Microsystem.named("odds").with(aggregate(Inner.class))));
        }

        @Test
        void an_event_that_would_be_read_as_another_is_not_recorded() {
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(() -> again(new Inner(List.of(new Rounded(1)))))
                    .withMessageContaining("event 'odd-done' is read back as another one")
                    .withMessageContaining("component amounts[0].cents differs");
        }

        @Test
        void without_assertions_the_events_of_a_type_are_read_back_until_one_has_come_back() {
            EventCodec codec = codec(EventCodec.ReadsBack.FIRST_OF_TYPE);
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(CodecException.class)
                        .isThrownBy(() -> codec.encodeToRecord(SOUND_AND_UNSOUND.getLast()))
                        .withMessageContaining("component amounts[0].cents differs");
            }
            assertThat(codec.encodeToRecord(SOUND_AND_UNSOUND.getFirst())).isNotEmpty();
            assertThatNoException()
                    .as("what is not read is not found to differ")
                    .isThrownBy(() -> codec.encodeToRecord(SOUND_AND_UNSOUND.getLast()));
        }

        @Test
        void with_assertions_every_event_is_read_back() {
            EventCodec codec = codec(EventCodec.ReadsBack.EVERY_EVENT);
            assertThat(codec.encodeToRecord(SOUND_AND_UNSOUND.getFirst())).isNotEmpty();
            assertThatExceptionOfType(CodecException.class)
                    .isThrownBy(() -> codec.encodeToRecord(SOUND_AND_UNSOUND.getLast()));
        }

        @Test
        void an_event_with_an_array_is_recorded() {
            record Bytes(byte[] bytes) {}
            assertThatNoException().isThrownBy(() -> again(new Bytes(new byte[] {1})));
        }
    }

    @Nested
    final class Refused {

        interface Open {}

        record WithOpen(List<Money> prices) {
            record Money(Open currency) {}
        }

        record Sku(String value) {}

        static final class Plain {}

        record Many(
                Object any,
                @SuppressWarnings("rawtypes") List raw,
                Map<Sku, Integer> byRecord,
                Plain plain,
                Number number,
                Optional<Open> optional,
                Runnable[] array,
                Box<Plain> box) {}

        sealed interface Twins {
            record A() implements Twins {}

            sealed interface More extends Twins {
                record A() implements More {}
            }
        }

        record WithTwins(Twins twins) {}

        sealed interface Leaky {
            non-sealed interface Leak extends Leaky {}
        }

        record WithLeaky(Leaky leaky) {}

        enum Same {
            ONE,
            TWO;

            @Override
            public String toString() {
                return "same";
            }
        }

        record WithSame(Same same) {}

        private static void refuses(Class<?> event, String... lines) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> codec(event))
                    .satisfies(
                            e ->
                                    assertThat(e.getMessage().lines().skip(1))
                                            .extracting(String::strip)
                                            .containsExactly(lines));
        }

        @Test
        void an_open_interface_with_its_path() {
            refuses(
                    WithOpen.class,
                    "aggregate odd: odd-done.prices[].currency: Open is open, so that nobody knows"
                            + " which class to read: seal it, with records");
        }

        @Test
        void all_finds_in_one_message() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> codec(Many.class))
                    .satisfies(
                            e ->
                                    assertThat(e.getMessage().lines().skip(1))
                                            .extracting(line -> line.strip().split(" ")[2])
                                            .containsExactly(
                                                    "odd-done.any:",
                                                    "odd-done.raw[]:",
                                                    "odd-done.byRecord:",
                                                    "odd-done.plain:",
                                                    "odd-done.number:",
                                                    "odd-done.optional:",
                                                    "odd-done.array[]:",
                                                    "odd-done.box(Full).value:"));
        }

        @Test
        void two_subtypes_of_one_simple_name() {
            String outer = Refused.class.getName();
            refuses(
                    WithTwins.class,
                    "aggregate odd: odd-done.twins: Twins has two subtypes called A (%s$Twins$A and"
                                    .formatted(outer)
                            + " %s$Twins$More$A): rename one".formatted(outer));
        }

        @Test
        void a_sealed_type_that_is_open_below_and_an_enum_of_equal_texts() {
            refuses(
                    WithLeaky.class,
                    "aggregate odd: odd-done.leaky(Leak): Leak is open, so that nobody knows which"
                            + " class to read: seal it, with records");
            refuses(
                    WithSame.class,
                    "aggregate odd: odd-done.same: Same has two constants of one text: let toString"
                            + " tell them apart");
        }

        record Twice(@JsonProperty("name") String first, @JsonProperty("name") String second) {}

        record WithTwice(List<Twice> all) {}

        interface Renamed {
            @JsonProperty("name")
            String first();
        }

        record RenamedAbove(String first, String name) implements Renamed {}

        @Test
        void what_only_jackson_sees() {
            for (Class<?> event : List.of(Twice.class, WithTwice.class, RenamedAbove.class)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> codec(event))
                        .withMessageContaining("aggregate odd: odd-done: " + event.getSimpleName())
                        .withMessageContaining("name");
            }
        }

        @Test
        void a_state_too() {
            Aggregate<Object, Object, Plain> plain =
                    Aggregate.named("plain")
                            .taking(Object.class)
                            .startingAs(new Plain())
                            .<Object>deciding((_, _) -> Decision.accept())
                            .evolving((state, _) -> state)
                            .event("plain-done", State.class);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> codec(plain))
                    .withMessageContaining("aggregate plain: state: Plain is a class");
        }
    }

    static final class Code {
        private final String text;

        private Code(String text) {
            this.text = text;
        }

        @JsonCreator
        static Code of(String text) {
            return new Code(text);
        }

        @JsonValue
        String text() {
            return text;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Code code && code.text.equals(text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    record WithCode(Code code, Map<Code, Integer> codes) {}

    record Tree(String name, List<Tree> children) {}

    @Test
    void a_type_with_annotations_of_its_own_is_taken_as_it_is() {
        WithCode event = new WithCode(Code.of("x"), Map.of(Code.of("y"), 1));
        assertThat(again(event)).isEqualTo(event);
    }

    @Test
    void a_record_of_its_own_kind_comes_back() {
        Tree tree = new Tree("a", List.of(new Tree("b", List.of())));
        assertThat(again(tree)).isEqualTo(tree);
    }
}
