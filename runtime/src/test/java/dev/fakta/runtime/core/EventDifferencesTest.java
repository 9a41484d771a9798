// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EventDifferencesTest {

    enum Status {
        OPEN,
        SOLD
    }

    enum MoreStatus {
        SOLD,
        HELD,
        OPEN
    }

    enum LessStatus {
        OPEN
    }

    record Fare(long amount, Status status) {}

    record Range<T>(T from, Optional<T> until) {}

    record Node(String name, List<Node> children) {}

    sealed interface Payment {
        record Card(String number) implements Payment {}

        record Cash(int coins) implements Payment {}
    }

    record Everything(
            String flight,
            int seats,
            Fare fare,
            List<Fare> fares,
            Set<String> tags,
            long[] offsets,
            Map<Status, Fare> byStatus,
            Range<Fare> range,
            Node tree,
            Payment payment,
            Instant at,
            @JsonProperty("other-name") String named) {}

    private static List<String> differences(Class<?> before, Class<?> now) {
        var kept =
                new LogShapes.Event(
                        "flight", 1, EventShape.of(before).components(), new TreeMap<>());
        return new EventDifferences("sold", kept, now).problems();
    }

    private static void refuses(Class<?> before, Class<?> now, String... words) {
        assertThat(differences(before, now))
                .singleElement()
                .asString()
                .startsWith("event sold version 1 ")
                .contains(words);
    }

    private static void takes(Class<?> before, Class<?> now) {
        assertThat(differences(before, now)).isEmpty();
    }

    @Test
    void a_shape_has_every_component_down_to_the_last() {
        assertThat(EventShape.of(Everything.class).components())
                .containsEntry("", "record")
                .containsEntry("flight", "String")
                .containsEntry("seats", "int")
                .containsEntry("fare", "record")
                .containsEntry("fare.amount", "long")
                .containsEntry("fare.status", "one of OPEN, SOLD")
                .containsEntry("fares", "list")
                .containsEntry("fares[].amount", "long")
                .containsEntry("tags[]", "String")
                .containsEntry("offsets[]", "long")
                .containsEntry("byStatus{key}", "one of OPEN, SOLD")
                .containsEntry("byStatus{}.amount", "long")
                .containsEntry("range.from.amount", "long")
                .containsEntry("range.until.amount", "long")
                .containsEntry("tree.children[]", "as at 'tree'")
                .containsEntry("payment", "sealed")
                .containsEntry("payment(Card).number", "String")
                .containsEntry("payment(Cash).coins", "int")
                .containsEntry("at", "Instant")
                .containsEntry("other-name", "String")
                .doesNotContainKey("named");
    }

    @Test
    void the_same_shape_has_no_difference() {
        takes(Everything.class, Everything.class);
    }

    record Seats(String flight, int seats) {}

    record Fares(List<Fare> fares, Payment payment, Status status) {}

    @Nested
    class What_is_read_without_loss {

        record Longer(String flight, long seats, Fare fare, Status status) {}

        record Aliased(String flight, @JsonAlias("seats") int count) {}

        record Flight(String flight) {}

        record OtherFare(BigDecimal amount, MoreStatus status, String currency) {}

        record OtherFares(Set<OtherFare> fares, Payment payment, String status) {}

        @Test
        void new_components_that_may_be_null_and_wider_numbers() {
            takes(Seats.class, Longer.class);
        }

        @Test
        void a_component_that_is_not_read_any_more() {
            takes(Seats.class, Flight.class);
        }

        @Test
        void a_component_that_reads_its_former_name_too() {
            takes(Seats.class, Aliased.class);
        }

        @Test
        void the_same_in_the_elements_of_a_collection_of_another_record() {
            takes(Fares.class, OtherFares.class);
        }

        @Test
        void numbers_as_wider_ones_only() {
            assertThat(EventDifferences.reads("Integer", "int")).isTrue();
            assertThat(EventDifferences.reads("long", "int")).isTrue();
            assertThat(EventDifferences.reads("Long", "Integer")).isTrue();
            assertThat(EventDifferences.reads("BigDecimal", "double")).isTrue();
            assertThat(EventDifferences.reads("double", "int")).isTrue();
            assertThat(EventDifferences.reads("Object", "int")).isTrue();
            assertThat(EventDifferences.reads("int", "long")).isFalse();
            assertThat(EventDifferences.reads("int", "Integer")).isFalse();
            assertThat(EventDifferences.reads("double", "long")).isFalse();
            assertThat(EventDifferences.reads("long", "double")).isFalse();
            assertThat(EventDifferences.reads("int", "boolean")).isFalse();
            assertThat(EventDifferences.reads("String", "Instant")).isFalse();
        }
    }

    @Nested
    class What_would_be_lost {

        record Count(String flight, int count) {}

        record Traveller(String traveller, int seats) {}

        record More(String flight, int seats, boolean isPaid) {}

        record Texts(String flight, String seats) {}

        record Pence(int amount, LessStatus status) {}

        record PenceFares(List<Pence> fares, Payment payment, Status status) {}

        record Amount(long value, Status status) {}

        record AmountFares(List<Amount> fares, Payment payment, Status status) {}

        sealed interface Other {
            record Card(String number) implements Other {}
        }

        record OtherFares(List<Fare> fares, Other payment, LessStatus status) {}

        @Test
        void a_renamed_component_with_the_line_to_write() {
            refuses(
                    Seats.class,
                    Count.class,
                    "had the component seats: int and now has the component count: int",
                    "name the component as before",
                    ".upcasting(fields -> { fields.put(\"count\", fields.remove(\"seats\"));"
                            + " return fields; })");
            refuses(Seats.class, Traveller.class, "flight: String", "traveller: String");
        }

        @Test
        void a_new_primitive_with_the_line_to_write() {
            refuses(
                    Seats.class,
                    More.class,
                    "now has the component isPaid: boolean, which events in the log lack",
                    "fields.putIfAbsent(\"isPaid\", false)");
        }

        @Test
        void another_type() {
            refuses(Seats.class, Texts.class, "seats: int and now has the component seats: String");
        }

        @Test
        void the_same_within_collections_and_records() {
            assertThat(differences(Fares.class, PenceFares.class))
                    .satisfiesExactly(
                            one -> assertThat(one).contains("fares[].amount: long", "int"),
                            one -> assertThat(one).contains("SOLD for the component fares[].stat"));
            refuses(Fares.class, AmountFares.class, "fares[].amount: long", "fares[].value: long");
        }

        @Test
        void a_constant_and_a_type_of_a_sealed_one() {
            assertThat(differences(Fares.class, OtherFares.class))
                    .satisfiesExactly(
                            one -> assertThat(one).contains("had SOLD for the component status"),
                            one -> assertThat(one).contains("had payment(Cash), which is not"));
        }

        @Test
        void a_component_that_comes_back_as_another_type() {
            var first =
                    new LogShapes.Event(
                            "flight", 1, EventShape.of(Seats.class).components(), new TreeMap<>());
            var without =
                    new LogShapes.Event(
                            "flight",
                            1,
                            EventShape.of(What_is_read_without_loss.Flight.class).components(),
                            new TreeMap<>());
            var kept = first.followedBy(without);
            assertThat(new EventDifferences("sold", kept, Texts.class).problems())
                    .singleElement()
                    .asString()
                    .contains("had the component seats: int once", "seats: String");
        }
    }
}
