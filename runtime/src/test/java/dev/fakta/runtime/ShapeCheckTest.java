// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Saga;
import dev.fakta.log.LogException;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a program may change of its names and shapes between two starts on one log. Each start is a
/// node of its own on the same files.
class ShapeCheckTest {

    private static final SegmentLogSettings SETTINGS =
            SegmentLogSettings.defaults().withPartitions(1);
    private static final String CHECK = "dev.fakta.runtime.core.ShapeCheck";
    private static final String BEGINNING = "dev.fakta.runtime.core.SagaBeginning";

    record Reserve(int seats) {}

    record Taken(int seats) {}

    record Reserved(String by, int seats) {}

    record Renamed(String by, int count) {}

    record Retyped(String by, String seats) {}

    record WithNote(String by, int seats, String note) {}

    record WithoutName(int seats) {}

    @TempDir Path directory;

    private static <E> Aggregate<Reserve, E, Taken> flight(
            String name, String event, Class<E> type, E made, ToIntFunction<E> seats) {
        return Aggregate.named(name)
                .taking(Reserve.class)
                .startingAs(new Taken(0))
                .<E>deciding((_, _) -> Decision.accept(made))
                .evolving(
                        (Taken taken, E reserved) ->
                                new Taken(taken.seats() + seats.applyAsInt(reserved)))
                .event(event, type);
    }

    private static Aggregate<Reserve, Reserved, Taken> flight(String name, String event) {
        return flight(name, event, Reserved.class, new Reserved("eva", 3), Reserved::seats);
    }

    private static final Aggregate<Reserve, Reserved, Taken> FIRST =
            flight("flight", "seats-reserved");

    private static final Aggregate<Reserve, Renamed, Taken> RENAMED =
            flight("flight", "seats-reserved", Renamed.class, new Renamed("bo", 2), Renamed::count);

    private static final Aggregate<Reserve, Renamed, Taken> UPCAST =
            RENAMED.upcasting(
                    fields -> {
                        fields.put("count", fields.remove("seats"));
                        return fields;
                    });

    private static Saga<Reserved, Taken> saga(String name) {
        return Saga.named(name)
                .startingAs(new Taken(0))
                .<Reserved>reacting((_, _, _) -> Reaction.nothing())
                .evolving((Taken taken, Reserved _) -> taken)
                .event(name + "-reserved", Reserved.class);
    }

    /// Runs a program until the work is done.
    private void run(Microsystem program, Consumer<Node> work) {
        try (SegmentLog log = SegmentLog.open(directory.resolve("log"), SETTINGS);
                Node node =
                        Node.start(
                                NodeSettings.embedded(directory.resolve("views")),
                                program,
                                log,
                                InstantSource.system())) {
            work.accept(node);
        }
    }

    private <E> void run(Aggregate<Reserve, E, Taken> flight, int seatsAfter) {
        run(
                system(flight),
                node -> {
                    Reply<Taken> reply =
                            node.await(node.send(flight, "lh1", new Reserve(1), Cause.fresh()));
                    assertThat(reply).isInstanceOf(Reply.Accepted.class);
                    assertThat(node.state(flight, "lh1").state()).isEqualTo(new Taken(seatsAfter));
                });
    }

    private static Microsystem system(Aggregate<?, ?, ?> flight) {
        return Microsystem.named("flights").with(flight);
    }

    private void refuses(Microsystem program, String... words) {
        assertThatIllegalStateException()
                .isThrownBy(() -> run(program, _ -> {}))
                .withMessageContainingAll(words)
                .withMessageStartingWith("this program cannot read what is in the log: ");
    }

    private String note() {
        try (SegmentLog log = SegmentLog.open(directory.resolve("log"), SETTINGS)) {
            return log.note("flights.shapes").orElseThrow();
        }
    }

    @Test
    void a_renamed_component_is_refused_until_there_is_the_upcaster_that_the_refusal_names() {
        run(FIRST, 3);
        String before = note();
        refuses(
                system(RENAMED),
                "event seats-reserved version 1 had the component seats: int"
                        + " and now has the component count: int",
                ".upcasting(fields -> { fields.put(\"count\", fields.remove(\"seats\"));"
                        + " return fields; })");
        assertThat(note()).isEqualTo(before); // nothing is kept of what was refused
        run(UPCAST, 5);
        run(UPCAST, 7);
    }

    @Test
    void another_type_of_a_component_is_refused() {
        run(FIRST, 3);
        refuses(
                system(
                        flight(
                                "flight",
                                "seats-reserved",
                                Retyped.class,
                                new Retyped("bo", "2"),
                                _ -> 2)),
                "had the component seats: int and now has the component seats: String");
    }

    @Test
    void components_that_may_be_null_come_and_others_go_without_a_word() {
        run(FIRST, 3);
        run(
                flight(
                        "flight",
                        "seats-reserved",
                        WithNote.class,
                        new WithNote("bo", 2, "window"),
                        WithNote::seats),
                5);
        run(
                flight(
                        "flight",
                        "seats-reserved",
                        WithoutName.class,
                        new WithoutName(1),
                        WithoutName::seats),
                6);
    }

    @Test
    void a_renamed_event_is_refused_and_starts_when_the_old_name_is_retired() {
        run(FIRST, 3);
        Microsystem program = system(flight("flight", "places-reserved"));
        refuses(
                program,
                "the log has events seats-reserved of flight, which this program does not have",
                "(new in it: places-reserved)",
                ".event(\"seats-reserved\"",
                ".retired(\"seats-reserved\") in Microsystem.named(\"flights\")");
        run(program.retired("seats-reserved"), _ -> {});
        refuses(program, "seats-reserved"); // it is still in the log
    }

    @Test
    void a_renamed_aggregate_is_refused_and_starts_when_the_old_name_is_retired() {
        run(FIRST, 3);
        Microsystem program = system(flight("trip", "seats-reserved"));
        refuses(
                program,
                "the log has streams of aggregate flight, which this program does not have",
                "(new in it: trip)",
                "keep Aggregate.named(\"flight\"), or write .retired(\"flight\")");
        run(program.retired("flight"), _ -> {});
    }

    @Test
    void a_lowered_version_is_refused() {
        run(FIRST.version(2), 3);
        refuses(
                system(FIRST),
                "aggregate flight has version 2 in the log and 1 in this program: keep its .version(2)");
    }

    @Test
    void an_older_program_that_has_run_here_starts_and_says_what_it_cannot_read() {
        run(FIRST, 3);
        run(UPCAST, 5);
        String newest = note();
        try (LoggedLines lines = new LoggedLines(CHECK, "log of flights")) {
            run(system(FIRST), _ -> {});
            assertThat(
                            lines.has(
                                    "event seats-reserved has schema version 2 in the log"
                                            + " and 1 in this program"))
                    .isTrue();
        }
        assertThat(note()).isEqualTo(newest); // the newer program's shapes stay
        run(UPCAST, 7);
    }

    @Test
    void a_program_that_is_new_here_and_knows_less_than_the_log_is_refused() {
        run(UPCAST, 2);
        refuses(
                system(FIRST),
                "event seats-reserved has schema version 2 in the log and 1 in this");
    }

    @Test
    void a_renamed_saga_is_refused_and_a_new_one_is_named() {
        run(
                system(FIRST).with(saga("pay-window")),
                node -> node.await(node.send(FIRST, "lh1", new Reserve(1), Cause.fresh())));
        Microsystem program = system(FIRST).with(saga("payment-window"));
        refuses(program, "streams of saga pay-window", "(new in it: payment-window)");
        try (LoggedLines lines = new LoggedLines(BEGINNING, "payment-window")) {
            run(program.retired("pay-window"), _ -> {});
            assertThat(lines.has("is new here and begins with all of the history: ")).isTrue();
        }
        try (LoggedLines lines = new LoggedLines(BEGINNING, "payment-window")) {
            run(program.retired("pay-window"), _ -> {});
            assertThat(lines.has("is new here")).isFalse();
        }
    }

    @Test
    void a_damaged_note_is_refused_by_its_file() throws IOException {
        run(FIRST, 3);
        Path file = directory.resolve("log").resolve("flights.shapes.note");
        String right = Files.readString(file);
        Files.writeString(file, right.replace("seats", "seatz"));
        assertThatExceptionOfType(LogException.class)
                .isThrownBy(() -> run(system(FIRST), _ -> {}))
                .withMessageContaining(file.toString());
        Files.writeString(file, right);
        run(FIRST, 6);
    }
}
