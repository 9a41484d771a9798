// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fakta.domain.Processor;
import dev.fakta.runtime.Microsystems;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class NeededFieldsTest {

    record Part(@Nullable String code, @Nullable Long count) {}

    /// Reads values of many types, and has itself inside.
    record Wish(
            String title,
            long size,
            Everything.Colour colour,
            Instant at,
            List<String> names,
            @Nullable String name,
            @Nullable String kind,
            @Nullable Long percent,
            @Nullable Part part,
            @Nullable List<@Nullable Part> parts,
            @Nullable Wish inner) {}

    /// No text that is made up is one of these.
    record Picky(String code, @Nullable String name) {
        Picky {
            if (!code.equals("right")) {
                throw new IllegalArgumentException("right is needed");
            }
        }
    }

    private static List<Processor.Problem> missing(Object... fieldsAndValues) {
        List<Processor.Problem> problems = new ArrayList<>();
        for (int i = 0; i < fieldsAndValues.length; i += 2) {
            if (fieldsAndValues[i + 1] == null) {
                problems.add(new Processor.Problem((String) fieldsAndValues[i], "is missing"));
            }
        }
        return problems;
    }

    private static Set<String> needed(Function<Wish, List<Processor.Problem>> check) {
        Routes routes =
                new Routes()
                        .put("/everything/{id}", Everything.UNANSWERED)
                        .checking(Wish.class, check);
        Route route = routes.all().getFirst().route();
        return NeededFields.of(routes, route, Wish.class, Set.of());
    }

    private static Set<String> neededBy(Processor.Work<Wish, Everything.Command> work) {
        Routes routes =
                new Routes()
                        .put(
                                "/everything/{id}",
                                Processor.named("wish")
                                        .taking(Wish.class)
                                        .sendingTo(Everything.AGGREGATE)
                                        .processing(work));
        Route route = routes.all().getFirst().route();
        return NeededFields.of(routes, route, Wish.class, Set.of());
    }

    @Test
    void a_field_is_needed_when_a_check_names_it_missing() {
        assertThat(needed(wish -> missing("name", wish.name()))).containsExactly("name");
        assertThat(needed(_ -> List.of())).isEmpty();
    }

    @Test
    void whatever_the_check_calls_it() {
        Processor.Problem problem = new Processor.Problem("name", "1 to 9 letters are needed");
        assertThat(needed(wish -> wish.name() == null ? List.of(problem) : List.of()))
                .containsExactly("name");
    }

    @Test
    void a_field_that_is_always_refused_for_another_reason_is_not_needed_by_that() {
        Processor.Problem problem = new Processor.Problem("size", "is odd");
        assertThat(needed(_ -> List.of(problem))).isEmpty();
    }

    @Test
    void fields_are_needed_of_what_there_is_inside() {
        assertThat(
                        needed(
                                wish -> {
                                    List<Processor.Problem> all = new ArrayList<>();
                                    if (wish.part() != null) {
                                        all.addAll(missing("part.code", wish.part().code()));
                                    }
                                    if (wish.parts() != null && !wish.parts().isEmpty()) {
                                        Part first = wish.parts().getFirst();
                                        all.addAll(missing("parts[0].count", first.count()));
                                    }
                                    return all;
                                }))
                .containsExactlyInAnyOrder("part.code", "parts[0].count");
    }

    @Test
    void what_is_needed_beside_another_field_only_or_without_it_only_is_not_required() {
        assertThat(
                        needed(
                                wish ->
                                        wish.kind() == null
                                                ? List.of()
                                                : missing("percent", wish.percent())))
                .isEmpty();
        assertThat(
                        needed(
                                wish ->
                                        wish.kind() == null
                                                ? missing("percent", wish.percent())
                                                : List.of()))
                .isEmpty();
    }

    @Test
    void a_processor_is_asked_too_for_every_caller() {
        assertThat(
                        neededBy(
                                (wish, context) -> {
                                    List<Processor.Problem> all =
                                            new ArrayList<>(missing("name", wish.name()));
                                    if (!context.permits("import")) {
                                        all.addAll(missing("kind", wish.kind()));
                                    }
                                    return all.isEmpty()
                                            ? new Processor.Outcome.Unanswered<>("later")
                                            : new Processor.Outcome.Refuse<>(all);
                                }))
                .containsExactly("name");
    }

    @Test
    void a_processor_that_fails_has_nothing_to_say() {
        assertThat(
                        neededBy(
                                (_, _) -> {
                                    throw new IllegalStateException("broken on purpose");
                                }))
                .isEmpty();
    }

    @Test
    void of_a_record_that_takes_no_value_that_is_made_up_nothing_is_known() {
        Routes routes =
                new Routes()
                        .put("/everything/{id}", Everything.UNANSWERED)
                        .checking(Picky.class, picky -> missing("name", picky.name()));
        Route route = routes.all().getFirst().route();
        assertThat(NeededFields.of(routes, route, Picky.class, Set.of())).isEmpty();
        assertThat(NeededFields.of(routes, route, Picky.class, Set.of("name"))).isEmpty();
    }

    @Test
    void what_the_path_gives_is_not_needed() {
        Routes routes =
                new Routes()
                        .put("/everything/{id}", Everything.UNANSWERED)
                        .checking(Wish.class, wish -> missing("name", wish.name()));
        Route route = routes.all().getFirst().route();
        assertThat(NeededFields.of(routes, route, Wish.class, Set.of("name"))).isEmpty();
    }

    @Test
    void an_example_that_its_line_does_not_read_is_refused_at_the_start() {
        Routes routes =
                new Routes()
                        .resource("/everything", Everything.AGGREGATE, found -> found.state())
                        .put("/everything/{id}", Everything.UNANSWERED)
                        .example(new Part("A", 1L));
        assertThatThrownBy(
                        () -> RouteChecks.require(routes, Microsystems.of(Everything.MICROSYSTEM)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes no Part, as its example is");
    }
}
