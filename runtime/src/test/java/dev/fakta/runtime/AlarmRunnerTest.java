// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Alarm;
import dev.fakta.domain.AlarmChanges;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.SagaState.Status;
import dev.fakta.domain.Send;
import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogReader;
import dev.fakta.log.Positions;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Alarm clocks on a node with a log on disk and a clock that is put forward: when they ring, and
/// what failures and restarts do to that.
@Order(1)
@ResourceLock("Booking.isBroken")
class AlarmRunnerTest {

    private static final Duration SOON = Duration.ofSeconds(120);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final HeldClock clock = new HeldClock();
    @TempDir Path directory;
    private EventLog log;
    private Node node;

    @BeforeEach
    void mend() {
        Booking.isBroken = false;
    }

    private void start(AlarmClock alarms) {
        start(Booking.microsystem(alarms));
    }

    private void start(Microsystem bookings) {
        log = SegmentLog.open(directory.resolve("log"), SegmentLogSettings.defaults());
        node = Node.start(NodeSettings.embedded(directory.resolve("views")), bookings, log, clock);
    }

    @AfterEach
    void stop() {
        node.close();
        log.close();
    }

    private void send(String id, Booking.Command command) {
        assertThat(node.await(node.send(Booking.AGGREGATE, id, command, Cause.fresh())))
                .isInstanceOf(Reply.Accepted.class);
    }

    private Booking booking(String id) {
        return node.state(Booking.AGGREGATE, id).state();
    }

    private void awaitStage(String id, Booking.Stage stage) {
        await().pollDelay(Duration.ZERO).atMost(SOON).until(() -> booking(id).stage() == stage);
    }

    private List<SagaRow> listed(Status status) {
        return Listed.of(() -> node.alarms(Booking.CLOCK, status, "", 10));
    }

    /// The clock goes on meanwhile; none of the times here is so short that it matters.
    private void pass(Duration time) {
        clock.advance(time.plusSeconds(1));
    }

    /// Until all that has happened is read, and nothing is due.
    private void awaitIdle() {
        await().atMost(SOON).until(() -> isIdle(node.status().sagas().getFirst()));
    }

    private static boolean isIdle(SagaCounts counts) {
        return counts.behind() == 0 && counts.late() == 0;
    }

    @Test
    void an_alarm_rings_at_its_time_and_nothing_is_recorded_of_the_clock() throws Exception {
        start(Booking.CLOCK);
        send("a", new Booking.Command.Ask());
        await().atMost(SOON).until(() -> listed(Status.LIVE).size() == 1);
        assertThat(listed(Status.LIVE).getFirst().id()).isEqualTo("lapse:a");
        assertThat(node.alarm(Booking.CLOCK, "lapse:a")).isPresent();
        pass(Booking.TO_CONFIRM.minus(MINUTE));
        send("b", new Booking.Command.Ask());
        awaitIdle();
        assertThat(booking("a").stage()).isEqualTo(Booking.Stage.ASKED);
        pass(MINUTE);
        awaitStage("a", Booking.Stage.LAPSED);
        assertThat(booking("b").stage()).isEqualTo(Booking.Stage.ASKED);
        assertThat(streams()).containsExactlyInAnyOrder("booking/a", "booking/b");
    }

    private Set<String> streams() throws InterruptedException {
        Set<String> streams = new HashSet<>();
        try (LogReader reader = log.reader(Positions.start(log.partitions()))) {
            reader.next(1_000, Duration.ofSeconds(5)).stream()
                    .filter(EventRecord.class::isInstance)
                    .forEach(record -> streams.add(((EventRecord) record).event().stream()));
        }
        return streams;
    }

    @Test
    void what_an_alarm_does_follows_from_the_event_that_set_it() {
        start(Booking.CLOCK);
        send("a", new Booking.Command.Ask());
        awaitIdle();
        pass(Booking.TO_CONFIRM);
        awaitStage("a", Booking.Stage.LAPSED);
        List<Recorded<Object>> events = node.events(Booking.AGGREGATE, "a", 1, 10);
        assertThat(events.get(1).at().correlationId())
                .isEqualTo(events.getFirst().at().correlationId());
        assertThat(events.get(1).at().causationId()).isEqualTo(events.getFirst().at().commandId());
        assertThat(events.get(1).at().actor()).isEqualTo("alarm clock booking-clock");
    }

    @Test
    void an_alarm_that_is_cleared_does_not_ring_and_one_with_a_period_rings_until_it_is() {
        start(Booking.CLOCK);
        send("a", new Booking.Command.Ask());
        send("a", new Booking.Command.Confirm());
        awaitIdle();
        pass(Booking.TO_CONFIRM);
        send("a", new Booking.Command.Confirm()); // does not set the reminder anew
        awaitIdle();
        pass(Booking.BETWEEN_REMINDERS.minus(Booking.TO_CONFIRM));
        for (int i = 1; i <= 3; i++) {
            int reminders = i;
            await().atMost(SOON).until(() -> booking("a").reminders() == reminders);
            awaitIdle();
            pass(Booking.BETWEEN_REMINDERS);
        }
        await().atMost(SOON).until(() -> booking("a").reminders() == 4);
        send("a", new Booking.Command.Come());
        awaitIdle();
        pass(Booking.BETWEEN_REMINDERS.multipliedBy(2));
        send("b", new Booking.Command.Ask());
        awaitIdle();
        assertThat(booking("a").reminders()).isEqualTo(4);
    }

    @Test
    void an_alarm_that_goes_wrong_rings_again_is_listed_and_holds_up_no_other() {
        start(Booking.CLOCK);
        Booking.isBroken = true;
        for (String id : List.of(Booking.FAILING, Booking.REFUSED, "fine")) {
            send(id, new Booking.Command.Ask());
        }
        awaitIdle();
        pass(Booking.TO_CONFIRM);
        awaitStage("fine", Booking.Stage.LAPSED);
        await().atMost(SOON)
                .until(
                        () -> {
                            pass(Duration.ofSeconds(10));
                            return listed(Status.STUCK).size() == 2;
                        });
        assertThat(listed(Status.STUCK))
                .extracting(SagaRow::id, SagaRow::reason)
                .containsExactly(
                        Assertions.tuple(
                                "lapse:failing", "DEFECT: the aggregate fails on this command"),
                        Assertions.tuple("lapse:refused", "BUSY: not now"));
        assertThat(node.troubledSagas(10)).hasSize(2);
        Booking.isBroken = false;
        assertThat(node.ring(Booking.CLOCK, "lapse:failing", Cause.fresh()))
                .isInstanceOf(Reply.Accepted.class);
        assertThat(booking(Booking.FAILING).stage()).isEqualTo(Booking.Stage.LAPSED);
        pass(MINUTE);
        awaitStage(Booking.REFUSED, Booking.Stage.LAPSED);
        await().atMost(SOON).until(() -> listed(Status.STUCK).isEmpty());
        Assertions.assertThatExceptionOfType(NoSuchElementException.class)
                .isThrownBy(() -> node.ring(Booking.CLOCK, "strange:a", Cause.fresh()));
    }

    @Test
    void what_follows_a_refusal_is_the_alarms_to_say() {
        start(
                AlarmClock.named("booking-clock")
                        .alarm(
                                Alarm.named("lapse")
                                        .sending(Booking.CLOCK.find("lapse")::sent)
                                        .onRefusal((_, _, _) -> Alarm.AfterRefusal.again(MINUTE)))
                        .alarm(
                                Alarm.named("confirm")
                                        .sending(AlarmRunnerTest::confirmation)
                                        .onRefusal((_, _, _) -> Alarm.AfterRefusal.done()))
                        .on(
                                Booking.Event.BookingAsked.class,
                                (_, at) -> AlarmChanges.of(at.id()).ring("lapse", Duration.ZERO))
                        .on(
                                Booking.Event.BookingLapsed.class,
                                (_, at) -> AlarmChanges.of(at.id()).ring("confirm", MINUTE)));
        Booking.isBroken = true;
        int before = Booking.LAPSES.get();
        send(Booking.REFUSED, new Booking.Command.Ask());
        await().atMost(SOON).until(() -> Booking.LAPSES.get() == before + 1);
        awaitIdle();
        Booking.isBroken = false;
        pass(MINUTE);
        awaitStage(Booking.REFUSED, Booking.Stage.LAPSED);
        awaitIdle();
        pass(MINUTE);
        await().atMost(SOON).until(() -> listed(Status.LIVE).isEmpty());
    }

    private static Send<?> confirmation(String id) {
        return Send.to(Booking.AGGREGATE, id, new Booking.Command.Confirm());
    }

    @Test
    void an_alarm_that_rings_is_set_no_longer_and_can_be_set_unless_it_is() {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Processor<Wait, Booking.Command> waiting =
                Processor.named("wait")
                        .taking(Wait.class)
                        .sendingTo(Booking.AGGREGATE)
                        .processing(
                                (_, _) -> {
                                    entered.countDown();
                                    released(released);
                                    return new Outcome.Send<>(new Booking.Command.Remind());
                                });
        AlarmClock alarms =
                AlarmClock.named("booking-clock")
                        .alarm(
                                Alarm.named("wait")
                                        .sending(id -> Send.through(waiting, id, new Wait())))
                        .on(
                                Booking.Event.BookingAsked.class,
                                (_, at) -> AlarmChanges.of(at.id()).ring("wait", Duration.ZERO))
                        .on(
                                Booking.Event.BookingConfirmed.class,
                                (_, at) -> AlarmChanges.of(at.id()).ringUnlessSet("wait", MINUTE));
        start(Booking.microsystem(alarms).with(waiting));
        send("a", new Booking.Command.Ask());
        await().atMost(SOON).until(() -> entered.getCount() == 0);
        send("a", new Booking.Command.Confirm());
        await().atMost(SOON).until(() -> node.status().sagas().getFirst().behind() == 0);
        released.countDown();
        awaitReminders("a", 1);
        assertThat(listed(Status.LIVE)).extracting(SagaRow::id).containsExactly("wait:a");
        pass(MINUTE);
        awaitReminders("a", 2);
    }

    private record Wait() {}

    private static void released(CountDownLatch latch) {
        try {
            assertThat(latch.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitReminders(String id, int count) {
        await().atMost(SOON).until(() -> booking(id).reminders() == count);
    }

    @Test
    void an_alarm_that_is_set_rings_after_a_restart() {
        start(Booking.CLOCK);
        send("a", new Booking.Command.Ask());
        awaitIdle();
        send("b", new Booking.Command.Ask()); // may lie in front of the checkpoint or behind it
        stop();
        pass(Booking.TO_CONFIRM);
        start(Booking.CLOCK);
        awaitStage("a", Booking.Stage.LAPSED);
        awaitStage("b", Booking.Stage.LAPSED);
    }

    @Test
    void a_clock_whose_index_is_lost_reads_the_log_and_rings_only_what_is_set_in_the_end() {
        start(Booking.CLOCK);
        for (int i = 0; i < 3_000; i++) {
            send("c" + i, new Booking.Command.Ask());
            send("c" + i, new Booking.Command.Confirm());
        }
        send("a", new Booking.Command.Ask());
        awaitIdle();
        stop();
        delete(directory.resolve("views"));
        int before = Booking.LAPSES.get();
        pass(Booking.TO_CONFIRM);
        start(Booking.CLOCK);
        awaitStage("a", Booking.Stage.LAPSED);
        awaitIdle();
        assertThat(Booking.LAPSES.get()).isEqualTo(before + 1);
    }

    private static void delete(Path tree) {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
