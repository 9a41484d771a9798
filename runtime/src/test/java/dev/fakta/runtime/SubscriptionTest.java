// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.SagaState.Status;
import dev.fakta.domain.Subscription;
import dev.fakta.log.EventLog;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.runtime.Tickets.TicketTaken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Subscriptions on a node with a log on disk.
class SubscriptionTest {

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final Subscription TO = Subscription.named("to-target");

    @TempDir Path directory;
    private final Tickets tickets = new Tickets(false);
    private final Subscription all = TO.to(tickets::sink);
    private volatile Duration ahead = Duration.ZERO;
    private long seen;
    private EventLog log;
    private Node node;

    private void start(Subscription subscription) {
        log = SegmentLog.open(directory.resolve("log"), SegmentLogSettings.defaults());
        node =
                Node.start(
                        NodeSettings.embedded(directory.resolve("views")),
                        Tickets.microsystem(subscription),
                        log,
                        () -> InstantSource.system().instant().plus(ahead));
    }

    @AfterEach
    void stop() {
        node.close();
        log.close();
    }

    /// Takes a ticket because of the one before.
    private String taken(String roll, int number) {
        Cause cause = Cause.fresh().seeing(seen);
        Reply<Integer> reply =
                node.await(node.send(Tickets.ROLL, roll, new Tickets.Take(number), cause));
        assertThat(reply).isInstanceOf(Reply.Accepted.class);
        seen = ((Reply.Accepted<Integer>) reply).aggregate().time();
        return "roll/" + roll + " " + number;
    }

    /// Takes tickets of six rolls in turn.
    private List<String> many(int from, int to) {
        List<String> many = new ArrayList<>();
        for (int number = from; number <= to; number++) {
            many.add(taken("r" + number % 6, number));
        }
        return many;
    }

    private static void awaitAll(Tickets target, List<String> tickets) {
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(target.taken())
                                        .containsExactlyInAnyOrderElementsOf(tickets));
    }

    private static List<String> ofRoll(List<String> tickets, int roll) {
        return tickets.stream().filter(one -> one.startsWith("roll/r" + roll + " ")).toList();
    }

    private List<SagaRow> listed(Subscription subscription) {
        return Listed.of(() -> node.setAside(subscription, null, "", 10));
    }

    @Test
    void every_event_comes_once_and_each_stream_in_its_order_also_over_a_restart() {
        start(all);
        List<String> expected = new ArrayList<>(many(1, 40));
        awaitAll(tickets, expected);
        stop();
        start(all);
        expected.addAll(many(41, 60));
        awaitAll(tickets, expected);
        for (int roll = 0; roll < 6; roll++) {
            assertThat(ofRoll(tickets.taken(), roll)).isEqualTo(ofRoll(expected, roll));
        }
        stop();
        assertThat(tickets.open()).isZero();
        start(all);
    }

    @Test
    void it_begins_where_it_is_told_to() {
        Tickets now = new Tickets(false);
        Tickets since = new Tickets(false);
        start(all);
        many(1, 12);
        await().atMost(SOON).until(() -> tickets.taken().size() == 12);
        stop();
        ahead = Duration.ofHours(1);
        start(Subscription.named("from-now").startingNow().to(now::sink));
        await().atMost(SOON).until(() -> now.opened() > 0);
        List<String> later = many(13, 20);
        awaitAll(now, later);
        stop();
        Instant soon = InstantSource.system().instant().plus(Duration.ofMinutes(30));
        start(Subscription.named("since").startingAt(soon).to(since::sink));
        awaitAll(since, later);
    }

    @Test
    void a_target_that_is_away_is_waited_for_and_operators_see_it() {
        start(all);
        tickets.setAway(true);
        List<String> expected = many(1, 10);
        await().atMost(SOON)
                .untilAsserted(
                        () ->
                                assertThat(listed(all))
                                        .singleElement()
                                        .satisfies(
                                                row -> {
                                                    assertThat(row.id()).isEqualTo("(everything)");
                                                    assertThat(row.reason())
                                                            .isEqualTo("the target is away");
                                                }));
        stop();
        start(all); // it is away still
        await().atMost(SOON).until(() -> tickets.opened() >= 3);
        tickets.setAway(false);
        awaitAll(tickets, expected);
        await().atMost(SOON).until(() -> listed(all).isEmpty());
        assertThat(tickets.open()).isEqualTo(1);
    }

    @Test
    void an_event_that_is_refused_is_set_aside_with_its_stream_until_it_is_taken() {
        start(all);
        tickets.refuse("roll/r2 8");
        List<String> expected = new ArrayList<>(many(1, 30));
        await().atMost(SOON).until(() -> tickets.taken().size() == 30 - 4);
        assertThat(ofRoll(tickets.taken(), 2)).containsExactly("roll/r2 2");
        assertThat(listed(all))
                .singleElement()
                .satisfies(
                        row -> {
                            assertThat(row.id()).isEqualTo("roll:r2");
                            assertThat(row.status()).isEqualTo(Status.PARKED);
                            assertThat(row.reason()).isEqualTo("a smudged ticket");
                        });
        stop();
        start(all);
        expected.addAll(many(31, 36));
        await().atMost(SOON).until(() -> tickets.taken().size() == 36 - 5);
        tickets.refuse(null);
        ahead = Duration.ofHours(1); // by then it is tried again
        expected.add(taken("r0", 37));
        awaitAll(tickets, expected);
        assertThat(ofRoll(tickets.taken(), 2)).isEqualTo(ofRoll(expected, 2));
        await().atMost(SOON).until(() -> listed(all).isEmpty());
    }

    @Test
    void what_comes_before_a_refused_event_in_its_stream_is_not_lost_with_it() {
        tickets.setAway(true); // so that they come in one batch
        start(all);
        List<String> expected = new ArrayList<>();
        for (int number = 1; number <= 6; number++) {
            expected.add(taken("r1", number));
        }
        tickets.refuse("roll/r1 4");
        tickets.setAway(false);
        await().atMost(SOON).until(() -> tickets.taken().equals(expected.subList(0, 3)));
        assertThat(listed(all)).extracting(SagaRow::id).contains("roll:r1");
        tickets.refuse(null);
        ahead = Duration.ofHours(2);
        await().atMost(SOON).until(() -> tickets.taken().size() == 6);
        assertThat(tickets.taken()).isEqualTo(expected);
    }

    @Test
    void a_target_that_keeps_the_position_has_each_event_once_whatever_breaks() {
        Tickets exact = new Tickets(true);
        Subscription exactly = TO.to(exact::sink);
        start(exactly);
        List<String> expected = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            exact.breakBehindTheNext();
            expected.addAll(many(round * 20 + 1, round * 20 + 20));
            awaitAll(exact, expected);
        }
        assertThat(exact.opened()).isGreaterThan(5);
        int opened = exact.opened();
        exact.breakBehindTheNext();
        expected.add(taken("r1", 101)); // the target has it, and nothing else comes
        await().atMost(SOON).until(() -> exact.opened() > opened);
        await().atMost(SOON).until(() -> listed(exactly).isEmpty());
        assertThat(exact.taken()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void a_stream_is_set_aside_for_good_before_the_targets_own_place_is_behind_it() {
        Tickets exact = new Tickets(true);
        Subscription exactly = TO.to(exact::sink);
        exact.setAway(true);
        start(exactly);
        many(1, 6);
        exact.refuse("roll/r1 1");
        List<List<String>> known = new CopyOnWriteArrayList<>();
        exact.onTaken(() -> known.add(listed(exactly).stream().map(SagaRow::id).toList()));
        exact.setAway(false);
        await().atMost(SOON).until(() -> exact.taken().size() == 5);
        assertThat(known).isNotEmpty().allSatisfy(ids -> assertThat(ids).contains("roll:r1"));
    }

    @Test
    void a_file_has_a_line_for_each_event_though_the_last_ones_were_never_finished()
            throws Exception {
        Path file = directory.resolve("tickets.jsonl");
        Subscription toFile = Subscription.named("to-file").to(() -> new FileSink(file));
        start(toFile);
        many(1, 10);
        awaitLines(file, 10);
        stop();
        Files.writeString(file, "{\"number\":11}\n#1.2", StandardOpenOption.APPEND);
        start(toFile);
        many(11, 15);
        awaitLines(file, 15);
        assertThat(lines(file))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 15)
                                .mapToObj(number -> "{\"number\":" + number + "}")
                                .toList());
    }

    private static void awaitLines(Path file, int count) {
        await().atMost(SOON).until(() -> Files.exists(file) && lines(file).size() >= count);
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream().filter(line -> !line.startsWith("#")).toList();
    }

    @Test
    void a_target_without_positions_has_an_event_once_at_least_when_an_answer_is_lost() {
        start(all);
        tickets.breakBehindTheNext();
        List<String> expected = many(1, 20);
        await().atMost(SOON).until(() -> List.copyOf(tickets.taken()).containsAll(expected));
        assertThat(tickets.taken()).hasSizeBetween(21, 27);
    }

    // region handlers
    private static Subscription handlers(List<Integer> handled, AtomicBoolean isAway) {
        return Subscription.named("handlers")
                .on(
                        TicketTaken.class,
                        (event, at) -> {
                            if (event.number() == 2) {
                                throw new IllegalArgumentException("no twos, " + at.id());
                            }
                            if (isAway.get()) {
                                throw new IOException("away");
                            }
                            handled.add(event.number());
                        });
    }

    // endregion

    @Test
    void handlers_get_events_as_objects_and_what_they_throw_says_what_becomes_of_the_event() {
        List<Integer> handled = new CopyOnWriteArrayList<>();
        AtomicBoolean isAway = new AtomicBoolean(true);
        start(handlers(handled, isAway));
        many(1, 9);
        await().atMost(SOON).until(() -> handlersRows().anyMatch("away"::equals));
        isAway.set(false);
        await().atMost(SOON).until(() -> handled.size() == 7); // 8 is behind 2
        assertThat(handled).containsExactlyInAnyOrder(1, 3, 4, 5, 6, 7, 9);
        await().atMost(SOON)
                .until(
                        () ->
                                handlersRows()
                                        .toList()
                                        .equals(
                                                List.of(
                                                        "java.lang.IllegalArgumentException: no twos, r2")));
    }

    private Stream<String> handlersRows() {
        return Listed.of(
                        () ->
                                node.setAside(
                                        node.microsystems().subscriptions().getFirst(),
                                        null,
                                        "",
                                        10))
                .stream()
                .map(SagaRow::reason);
    }

    @Test
    void in_causal_order_nothing_comes_before_what_it_follows_from() {
        Subscription causal = TO.inCausalOrder().to(tickets::sink);
        start(causal);
        List<String> expected = many(1, 100); // each when the one before is recorded
        await().atMost(SOON).until(() -> tickets.taken().size() == 100);
        assertThat(tickets.taken()).isEqualTo(expected);
    }
}
