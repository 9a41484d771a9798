// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaInput.Happened;
import dev.fakta.domain.View;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import dev.fakta.runtime.core.AggregateReader;
import dev.fakta.runtime.core.EventCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An event that an earlier program recorded reaches all that read events as it would be recorded
/// now.
class UpcastTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    record Flight(long seats) {}

    record Book(long seats) {}

    /// In version 1 its component was called `count`.
    record Booked(long seats) {}

    record Counted(long seats) {}

    record Count(long seats) {}

    /// One that no reader could tell from another, as its constructor changes what it is given.
    record Odd(long seats) {
        Odd {
            seats++;
        }
    }

    private static final Aggregate<Book, Object, Flight> FLIGHTS =
            Aggregate.named("flight")
                    .taking(Book.class)
                    .startingAs(new Flight(0))
                    .<Object>deciding(
                            (_, book) ->
                                    Decision.accept(
                                            book.seats() < 0
                                                    ? new Odd(1)
                                                    : new Booked(book.seats())))
                    .evolving(
                            (flight, event) ->
                                    event instanceof Booked(var seats)
                                            ? new Flight(flight.seats() + seats)
                                            : flight)
                    .event("flight-odd", Odd.class)
                    .event("flight-booked", Booked.class)
                    .upcasting(old -> Map.of("seats", old.get("count")));

    private static final View SEATS =
            View.named("seats")
                    .table("create table flight (id text primary key, seats bigint not null)")
                    .on(
                            Booked.class,
                            (booked, at, sql) ->
                                    sql.run(
                                            "insert into flight values (?, ?) on conflict (id) do"
                                                    + " update set seats = flight.seats + excluded.seats",
                                            at.id(),
                                            booked.seats()));

    private static final Saga<Counted, Count> COUNTING =
            Saga.named("counting")
                    .startingAs(new Count(0))
                    .<Counted>reacting(
                            (_, input, _) ->
                                    input instanceof Happened(Booked(var seats), _)
                                            ? Reaction.record(new Counted(seats))
                                            : Reaction.nothing())
                    .evolving((count, counted) -> new Count(count.seats() + counted.seats()))
                    .event("counting-counted", Counted.class)
                    .on(Booked.class, (_, at) -> at.id());

    private static final Microsystem SYSTEM =
            Microsystem.named("flights").with(FLIGHTS).with(SEATS).with(COUNTING);

    @TempDir Path directory;
    private final EventLog log = MemoryLog.create(1);

    @BeforeEach
    void record() {
        UUID none = new UUID(0, 0);
        NewEvent old =
                new NewEvent(
                        "flight/a",
                        1,
                        "flight-booked",
                        1,
                        "{\"count\":3}".getBytes(StandardCharsets.UTF_8),
                        new Metadata(UUID.randomUUID(), none, 0, none, none, "", "", 0));
        log.claim(0, "earlier").append(List.of(old)).toCompletableFuture().join();
    }

    @AfterEach
    void close() {
        log.close();
    }

    private Node node(int snapshotEvery) {
        NodeSettings usual = NodeSettings.embedded(directory);
        NodeSettings settings =
                new NodeSettings(
                        "upcasts",
                        usual.cluster(),
                        usual.views(),
                        100,
                        100,
                        snapshotEvery,
                        PATIENCE,
                        100,
                        10);
        return Node.start(settings, SYSTEM, log, InstantSource.system());
    }

    private static Reply<Flight> book(Node node, long seats) {
        return node.await(node.send(FLIGHTS, "a", new Book(seats), Cause.fresh()));
    }

    @Test
    void its_aggregate_reads_it() {
        try (Node node = node(100)) {
            assertThat(node.state(FLIGHTS, "a").state()).isEqualTo(new Flight(3));
        }
    }

    @Test
    void a_view_reads_it() {
        try (Node node = node(100)) {
            assertThat(node.await(SEATS, node.heads(), PATIENCE)).isTrue();
            assertThat(node.rows(SEATS, "select seats from flight", row -> row.number("seats")))
                    .containsExactly(3L);
        }
    }

    @Test
    void a_saga_reads_it() {
        try (Node node = node(100)) {
            await().atMost(PATIENCE)
                    .until(
                            () ->
                                    node.state(COUNTING.aggregate(), "a")
                                            .state()
                                            .state()
                                            .equals(new Count(3)));
        }
    }

    @Test
    void a_snapshot_is_made_of_it() {
        try (Node node = node(2)) {
            assertThat(book(node, 4)).isInstanceOf(Reply.Accepted.class);
            await().atMost(PATIENCE).until(() -> log.latestSnapshot("flight/a").isPresent());
        }
        assertThat(
                        new String(
                                log.latestSnapshot("flight/a").orElseThrow().payload(),
                                StandardCharsets.UTF_8))
                .endsWith("{\"seats\":7}");
    }

    @Test
    void who_lists_or_follows_the_stream_reads_it() {
        try (Node node = node(100)) {
            assertThat(node.events(FLIGHTS, "a", 1, 10))
                    .extracting(Recorded::event)
                    .containsExactly(new Booked(3));
        }
        EventCodec codec =
                new EventCodec(Microsystems.of(Microsystem.named("flights").with(FLIGHTS)));
        assertThat(AggregateReader.recorded(codec, log.readStream("flight/a", 1, 1).getFirst()))
                .extracting(Recorded::event)
                .isEqualTo(new Booked(3));
    }

    @Test
    void an_event_that_would_be_read_as_another_is_a_defect_and_not_recorded() {
        try (Node node = node(100)) {
            assertThat(book(node, -1))
                    .isEqualTo(
                            new Reply.Failed<>(
                                    Reply.Failure.DEFECT, "the aggregate fails on this command"));
            assertThat(log.readStream("flight/a", 1, 10)).hasSize(1);
            assertThat(book(node, 1)).isInstanceOf(Reply.Accepted.class);
        }
    }
}
