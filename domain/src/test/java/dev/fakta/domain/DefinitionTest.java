// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import static dev.fakta.domain.Decision.accept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fakta.domain.Processor.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DefinitionTest {

    sealed interface Event {
        record Opened(String by) implements Event {}

        sealed interface Ending extends Event {
            record Closed() implements Ending {}
        }
    }

    record Open(String by) {}

    static final Aggregate<Open, Event, Integer> DOOR = door("door");

    static Aggregate<Open, Event, Integer> door(String name) {
        return Aggregate.named(name)
                .taking(Open.class)
                .startingAs(0)
                .<Event>deciding((_, open) -> accept(new Event.Opened(open.by())))
                .evolving((times, _) -> times + 1);
    }

    static Aggregate<Open, Event, Integer> namedDoor(String name) {
        return door(name)
                .event(name + "-opened", Event.Opened.class)
                .event(name + "-closed", Event.Ending.Closed.class);
    }

    @Nested
    class Names {
        @Test
        void a_name_that_is_not_lower_case_words_is_refused_and_quoted() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Aggregate.named("Gift Card"))
                    .withMessageContaining("aggregate")
                    .withMessageContaining("'Gift Card'");
            assertThatIllegalArgumentException().isThrownBy(() -> View.named(""));
            assertThatIllegalArgumentException().isThrownBy(() -> Processor.named("a--b"));
            assertThatIllegalArgumentException().isThrownBy(() -> Microsystem.named("1st"));
        }

        @Test
        void a_name_of_more_than_a_hundred_characters_is_refused() {
            assertThat(View.named("v".repeat(100)).name()).hasSize(100);
            assertThatIllegalArgumentException().isThrownBy(() -> View.named("v".repeat(101)));
        }
    }

    @Nested
    class Aggregates {
        @Test
        void a_definition_decides_and_evolves() {
            assertThat(DOOR.decide(0, new Open("eva"))).isEqualTo(accept(new Event.Opened("eva")));
            assertThat(DOOR.evolve(0, new Event.Opened("eva"))).isEqualTo(1);
            assertThat(DOOR.stream("front")).isEqualTo("door/front");
        }

        enum Wrong implements Rejection {
            LOCKED,
            GONE
        }

        enum Other implements Rejection {
            AWAY
        }

        @Test
        void what_it_refuses_with_is_what_it_says() {
            Aggregate<Rejection, Event, Integer> refusing =
                    Aggregate.named("gate")
                            .taking(Rejection.class)
                            .startingAs(0)
                            .<Event>deciding((_, why) -> Decision.reject(why))
                            .evolving((times, _) -> times);
            assertThat(refusing.refusals()).isEmpty();
            assertThat(refusing.decide(0, Other.AWAY)).isEqualTo(Decision.reject(Other.AWAY));

            Aggregate<Rejection, Event, Integer> saying =
                    refusing.refusing(Wrong.class)
                            .event("gate-opened", Event.Opened.class)
                            .version(2);
            assertThat(saying.refusals()).containsExactly(Wrong.LOCKED, Wrong.GONE);
            assertThat(saying.decide(0, Wrong.GONE)).isEqualTo(Decision.reject(Wrong.GONE));
            assertThatIllegalStateException()
                    .isThrownBy(() -> saying.decide(0, Other.AWAY))
                    .withMessageContaining("aggregate gate refuses with AWAY");
            assertThat(saying.refusing(Other.class).decide(0, Other.AWAY))
                    .isEqualTo(Decision.reject(Other.AWAY));
        }

        @Test
        void one_name_for_two_events_is_refused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    DOOR.event("door-moved", Event.Opened.class)
                                            .event("door-moved", Event.Ending.Closed.class))
                    .withMessage("aggregate door names event door-moved (Closed) twice");
        }

        @Test
        void two_names_for_one_event_are_refused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    DOOR.event("door-opened", Event.Opened.class)
                                            .event("door-unlocked", Event.Opened.class))
                    .withMessage("aggregate door names event door-unlocked (Opened) twice");
        }

        @Test
        void each_upcast_raises_the_schema_version_of_the_last_event() {
            Aggregate<Open, Event, Integer> upcasting =
                    DOOR.event("door-opened", Event.Opened.class)
                            .upcasting(_ -> Map.of("by", "unknown"))
                            .upcasting(fields -> fields);
            assertThat(upcasting.events().getFirst().version()).isEqualTo(3);
            assertThat(DOOR.event("door-opened", Event.Opened.class).events().getFirst().version())
                    .isEqualTo(1);
        }

        @Test
        void an_upcast_before_any_event_is_refused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DOOR.upcasting(fields -> fields))
                    .withMessage("upcasting follows the event that it belongs to");
        }

        @Test
        void versions_count_from_one_and_outlive_later_steps() {
            assertThat(DOOR.version(3).event("door-opened", Event.Opened.class).version())
                    .isEqualTo(3);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DOOR.version(0))
                    .withMessage("aggregate door: versions count from 1");
        }
    }

    @Nested
    class Views {
        @Test
        void an_event_goes_to_the_handler_of_its_type() {
            List<String> ran = new ArrayList<>();
            View view =
                    View.named("doors")
                            .on(Event.Opened.class, (e, at, sql) -> sql.run(e.by(), at.id()));
            view.apply(new Event.Opened("eva"), at(), (statement, _) -> ran.add(statement));
            assertThat(ran).containsExactly("eva");
            assertThat(view.events()).containsExactly(Event.Opened.class);
        }

        @Test
        void two_handlers_for_one_event_are_refused() {
            View view = View.named("doors").on(Event.Opened.class, (_, _, _) -> {});
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> view.on(Event.Opened.class, (_, _, _) -> {}))
                    .withMessage("view doors handles Opened twice");
        }

        @Test
        void an_event_without_a_handler_is_refused() {
            View view = View.named("doors");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> view.apply(new Event.Opened("eva"), at(), (_, _) -> {}))
                    .withMessage("view doors does not handle Opened");
        }

        @Test
        void versions_count_from_one() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> View.named("doors").version(0))
                    .withMessage("view doors: versions count from 1");
        }

        private At at() {
            UUID id = new UUID(0, 0);
            return new At("front", 1, 0, 1, Instant.EPOCH, "", id, id, id);
        }
    }

    @Nested
    class Processors {
        @Test
        void a_refusal_without_a_problem_is_refused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Outcome.Refuse<Open>(List.of()))
                    .withMessage("a refusal needs a problem");
        }
    }

    @Nested
    class Microsystems {
        final Processor<String, Open> knocking =
                Processor.named("knocking")
                        .taking(String.class)
                        .sendingTo(DOOR)
                        .processing((by, _) -> new Outcome.Send<>(new Open(by)));

        @Test
        void a_retired_name_is_kept_and_is_not_in_use() {
            Microsystem house = Microsystem.named("house").with(namedDoor("door"));
            assertThat(house.retired("gate").retired("gate-opened").retired())
                    .containsExactlyInAnyOrder("gate", "gate-opened");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> house.retired("door-opened"))
                    .withMessage(
                            "door-opened is retired and in use: only one of them can be meant");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> house.retired("gate").with(namedDoor("gate")));
            assertThatIllegalArgumentException().isThrownBy(() -> house.retired("A gate"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> house.with(knocker("gate")).retired("gate"))
                    .withMessageStartingWith("gate is retired and in use");
        }

        private Courier knocker(String name) {
            return Courier.named(name).carrying(knocking, "eva");
        }

        @Test
        void an_aggregate_and_a_courier_of_one_name_are_refused() {
            Microsystem house = Microsystem.named("house").with(namedDoor("door"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> house.with(knocker("door")))
                    .withMessageContaining(
                            "two definitions of aggregate, courier or alarm clock door");
        }

        @Test
        void a_microsystem_has_what_it_was_given() {
            Microsystem house =
                    Microsystem.named("house")
                            .with(namedDoor("door"))
                            .with(knocking)
                            .with(View.named("doors"));
            assertThat(house.aggregates()).hasSize(1);
            assertThat(house.processors()).containsExactly(knocking);
            assertThat(house.views()).hasSize(1);
        }

        @Test
        void two_aggregates_of_one_name_are_refused() {
            Microsystem house = Microsystem.named("house").with(namedDoor("door"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> house.with(namedDoor("door")))
                    .withMessage("two definitions of aggregate door");
        }

        @Test
        void two_views_or_processors_of_one_name_are_refused() {
            Microsystem house = Microsystem.named("house").with(View.named("doors")).with(knocking);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> house.with(View.named("doors").version(2)))
                    .withMessage("two definitions of view doors");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> house.with(knocking))
                    .withMessage("two definitions of processor knocking");
        }

        @Test
        void one_event_name_in_two_aggregates_is_refused() {
            Microsystem house = Microsystem.named("house").with(namedDoor("door"));
            Aggregate<Open, Event, Integer> gate =
                    door("gate")
                            .event("door-opened", Event.Opened.class)
                            .event("gate-closed", Event.Ending.Closed.class);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> house.with(gate))
                    .withMessage("two definitions of event door-opened");
        }

        @Test
        void an_event_without_a_name_is_refused_however_deep_it_is_sealed() {
            Microsystem house = Microsystem.named("house");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> house.with(DOOR.event("opened", Event.Opened.class)))
                    .withMessage("aggregate door gives no name to its event Closed");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> house.with(DOOR.event("shut", Event.Ending.Closed.class)))
                    .withMessage("aggregate door gives no name to its event Opened");
        }

        @Test
        void an_aggregate_that_names_no_event_at_all_is_refused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Microsystem.named("house").with(DOOR))
                    .withMessageStartingWith("aggregate door gives no name to any of its events");
        }
    }

    @Nested
    class Rejections {
        enum Refusal implements Rejection {
            DOOR_LOCKED_TODAY
        }

        @Test
        void a_refusal_says_its_name_in_words() {
            assertThat(Refusal.DOOR_LOCKED_TODAY.detail()).isEqualTo("Door locked today.");
        }
    }
}
