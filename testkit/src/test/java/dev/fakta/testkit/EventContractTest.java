// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static dev.fakta.testkit.EventContract.assertThatEventsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventContractTest {

    record Flight(long seats) {}

    record Seat(int row, char letter) {}

    record Reserved(Seat seat, String passenger) {}

    record Renamed(Seat seat, String name) {}

    record Unreadable(Runnable what) {}

    @TempDir Path directory;

    private static Aggregate<Object, Object, Flight> aggregate(Class<?> event) {
        return Aggregate.named("flight")
                .taking(Object.class)
                .startingAs(new Flight(0))
                .<Object>deciding((_, _) -> Decision.accept())
                .evolving((state, _) -> state)
                .event("seat-reserved", event);
    }

    private static Microsystem flights(Aggregate<?, ?, ?> aggregate) {
        return Microsystem.named("flights").with(aggregate);
    }

    private void pin() {
        assertThatEventsOf(flights(aggregate(Reserved.class))).matchContract(directory, false);
    }

    @Test
    void the_first_run_writes_what_the_second_compares_with() throws IOException {
        pin();
        assertThat(Files.readAllLines(directory.resolve("seat-reserved.v1.txt")))
                .containsExactly(
                        "Reserved",
                        "  seat: Seat",
                        "  passenger: String",
                        "Seat",
                        "  row: int",
                        "  letter: char");
        pin();
    }

    @Test
    void a_record_that_changed_in_its_version_is_told_by_its_lines() {
        pin();
        EventContract changed = assertThatEventsOf(flights(aggregate(Renamed.class)));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> changed.matchContract(directory, false))
                .withMessageContaining("seat-reserved.v1.txt")
                .withMessageContaining("-   passenger: String")
                .withMessageContaining("+   name: String");
        changed.matchContract(directory, true);
        changed.matchContract(directory, false);
    }

    @Test
    void a_record_that_changed_with_its_version_has_a_file_more_and_reads_the_version_before() {
        pin();
        EventContract raised =
                assertThatEventsOf(
                        flights(
                                aggregate(Renamed.class)
                                        .upcasting(
                                                old ->
                                                        Map.of(
                                                                "seat", old.get("seat"),
                                                                "name", old.get("passenger")))));
        raised.matchContract(directory, false);
        assertThat(directory.resolve("seat-reserved.v2.txt")).exists();
        raised.read(
                """
                {"seat":{"row":7,"letter":"C"},"passenger":"Ada"}""",
                1,
                new Renamed(new Seat(7, 'C'), "Ada"));
        assertThatExceptionOfType(AssertionError.class).isThrownBy(this::pin);
    }

    @Test
    void what_cannot_be_read_back_has_no_contract() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThatEventsOf(flights(aggregate(Unreadable.class))))
                .withMessageContaining("aggregate flight: seat-reserved.what: Runnable is open");
    }
}
