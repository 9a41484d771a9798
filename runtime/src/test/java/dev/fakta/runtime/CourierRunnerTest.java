// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Courier;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.SagaState.Status;
import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Couriers on a node with a log on disk: what they carry, and what failures and restarts do to it.
@Order(1)
@ResourceLock("Shelf.isBroken")
class CourierRunnerTest {

    private static final Duration SOON = Duration.ofSeconds(90);

    @TempDir Path directory;
    private volatile Duration ahead = Duration.ZERO;
    private EventLog log;
    private Node node;

    @BeforeEach
    void mend() {
        Shelf.isBroken = false;
    }

    private void start(Courier courier) {
        start(Shelf.microsystem(courier));
    }

    private void start(Microsystem microsystem) {
        log = SegmentLog.open(directory.resolve("log"), SegmentLogSettings.defaults());
        node =
                Node.start(
                        NodeSettings.embedded(directory.resolve("views")),
                        microsystem,
                        log,
                        () -> InstantSource.system().instant().plus(ahead));
    }

    @AfterEach
    void stop() {
        node.close();
        log.close();
    }

    private void want(String shelf, long count) {
        send(Shelf.AGGREGATE, shelf, new Shelf.Command.Want(count));
    }

    private <C> void send(Aggregate<C, ?, ?> aggregate, String id, C command) {
        assertThat(node.await(node.send(aggregate, id, command, Cause.fresh())))
                .isInstanceOf(Reply.Accepted.class);
    }

    private Shelf shelf(String id) {
        return node.state(Shelf.AGGREGATE, id).state();
    }

    private void awaitHeld(String id, long count) {
        await().pollDelay(Duration.ZERO).atMost(SOON).until(() -> shelf(id).held() == count);
    }

    private List<SagaRow> listed(Status status) {
        return Listed.of(() -> node.errands(Shelf.COURIER, status, "", 10));
    }

    private void awaitIdle() {
        await().atMost(SOON)
                .until(
                        () ->
                                node.status()
                                        .sagas()
                                        .equals(
                                                List.of(
                                                        new SagaCounts(
                                                                "shelf-courier", 0, 0, 0, 0, 0))));
    }

    @Test
    void what_is_wanted_comes_to_be_and_nothing_is_recorded_of_the_courier() throws Exception {
        start(Shelf.BREAKABLE);
        want("a", 3);
        awaitHeld("a", 3);
        send(Shelf.Store.AGGREGATE, "a", new Shelf.Store.Hold(1)); // somebody has taken two
        awaitHeld("a", 3);
        awaitIdle();
        assertThat(streams()).containsExactlyInAnyOrder("shelf/a", "store/a");
    }

    private Set<String> streams() throws InterruptedException {
        Set<String> streams = new HashSet<>();
        try (LogReader reader = log.reader(Positions.start(log.partitions()))) {
            List<LogRecord> records = reader.next(1_000, Duration.ofSeconds(5));
            for (LogRecord record : records) {
                if (record instanceof EventRecord event) {
                    streams.add(event.event().stream());
                }
            }
        }
        return streams;
    }

    @Test
    void calls_that_come_during_an_errand_are_answered_by_one_more() {
        start(Shelf.BREAKABLE);
        int before = Shelf.ERRANDS.get();
        var answers =
                LongStream.rangeClosed(1, 2_000)
                        .mapToObj(
                                i ->
                                        node.send(
                                                Shelf.AGGREGATE,
                                                "a",
                                                new Shelf.Command.Want(i),
                                                Cause.fresh()))
                        .toList();
        answers.forEach(
                answer -> assertThat(node.await(answer)).isInstanceOf(Reply.Accepted.class));
        awaitIdle();
        assertThat(shelf("a").held()).isEqualTo(shelf("a").wanted());
        assertThat(Shelf.ERRANDS.get() - before).isLessThan(1_500);
    }

    @Test
    void an_errand_that_goes_wrong_is_tried_again_is_listed_and_holds_up_no_other() {
        start(Shelf.BREAKABLE);
        Shelf.isBroken = true;
        want(Shelf.FAILING, 1);
        want(Shelf.REFUSED, 1);
        want("fine", 1);
        awaitHeld("fine", 1);
        await().atMost(SOON).until(() -> listed(Status.STUCK).size() == 2);
        assertThat(listed(Status.STUCK))
                .extracting(SagaRow::reason)
                .containsExactly(
                        "DEFECT: java.lang.AssertionError: an odd shelf",
                        "REFUSED: shelf: is too high");
        assertThat(node.troubledSagas(10)).hasSize(2);
        assertThat(node.errand(Shelf.COURIER, Shelf.REFUSED)).isPresent();
        assertThat(node.status().sagas().getFirst().behind()).isZero();
        Shelf.isBroken = false;
        want(Shelf.REFUSED, 2); // a call is answered at once
        awaitHeld(Shelf.REFUSED, 2);
        await().atMost(SOON).until(() -> node.errand(Shelf.COURIER, Shelf.REFUSED).isEmpty());
        assertThat(node.run(Shelf.COURIER, Shelf.FAILING, Cause.fresh()))
                .isInstanceOf(Reply.Accepted.class);
        assertThat(shelf(Shelf.FAILING).held()).isEqualTo(1);
    }

    @Test
    void a_refusal_leads_to_what_the_courier_says() {
        start(Shelf.TELLING);
        Shelf.isBroken = true;
        want(Shelf.REFUSED, 1);
        await().atMost(SOON).until(() -> !shelf(Shelf.REFUSED).trouble().isEmpty());
        assertThat(shelf(Shelf.REFUSED).trouble()).isEqualTo("REFUSED shelf: is too high");
        awaitIdle();
        assertThat(listed(Status.STUCK)).isEmpty();
    }

    @Test
    void an_errand_that_is_not_done_is_done_after_a_restart() {
        start(Shelf.BREAKABLE);
        Shelf.isBroken = true;
        want(Shelf.FAILING, 1);
        int before = Shelf.ERRANDS.get();
        ahead = Duration.ofSeconds(30); // by then both are over
        await().atMost(SOON).until(() -> Shelf.ERRANDS.get() > before);
        stop();
        Shelf.isBroken = false;
        start(Shelf.BREAKABLE); // the call lies behind the checkpoint
        awaitHeld(Shelf.FAILING, 1);

        Shelf.isBroken = true;
        want(Shelf.FAILING, 2);
        await().atMost(SOON).until(() -> !listed(Status.LIVE).isEmpty());
        stop();
        Shelf.isBroken = false;
        start(Shelf.BREAKABLE); // the call lies in front of it
        awaitHeld(Shelf.FAILING, 2);
        await().atMost(SOON).until(() -> node.errand(Shelf.COURIER, Shelf.FAILING).isEmpty());
    }

    private void refuses(Microsystem program, String words) {
        try {
            assertThatIllegalStateException()
                    .isThrownBy(() -> start(program))
                    .withMessageContaining(
                            "events in the log call courier or alarm clock shelf-courier, which this program does not have"
                                    + words
                                    + ": keep its definition, or write .retired(\"shelf-courier\") in Microsystem.named(\"shelves\")");
        } finally {
            log.close();
        }
    }

    private Courier renamed() {
        return Courier.named("shelf-filler")
                .carrying(Shelf.FILL, new Shelf.Fill())
                .on(Shelf.Event.ShelfWanted.class, (_, at) -> at.id());
    }

    @Test
    void a_courier_that_the_program_has_no_more_is_refused_until_it_is_retired() {
        start(Shelf.BREAKABLE);
        want("a", 1);
        awaitHeld("a", 1);
        stop();
        refuses(Shelf.WITHOUT, ", and none of its errands waits to be run again");
        refuses(
                Shelf.microsystem(renamed()),
                " (new in it: shelf-filler), and none of its errands waits to be run again");
        start(Shelf.microsystem(renamed()).retired("shelf-courier"));
        want("a", 2);
        awaitHeld("a", 2);
    }

    @Test
    void a_courier_that_is_gone_is_refused_with_how_many_of_its_errands_are_not_done() {
        Shelf.isBroken = true;
        start(Shelf.BREAKABLE);
        want(Shelf.REFUSED, 1);
        want(Shelf.FAILING, 1);
        await().atMost(SOON)
                .until(() -> listed(Status.STUCK).size() + listed(Status.LIVE).size() == 2);
        stop();
        refuses(Shelf.WITHOUT, ", and 2 of its errands are not done, which would never be");
        start(Shelf.WITHOUT.retired("shelf-courier"));
    }

    @Test
    void what_was_run_when_a_runner_had_just_begun_is_run_once_more() {
        start(Shelf.BREAKABLE);
        want("a", 1);
        awaitHeld("a", 1);
        awaitIdle();
        int before = Shelf.ERRANDS.get();
        ahead = Duration.ofSeconds(30); // by then both are over
        await().atMost(SOON).until(() -> Shelf.ERRANDS.get() > before);
    }
}
