// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CausalReaderTest {

    private static final int FLICKERS = 20;
    private static final int EACH = 4;
    private static final int WRITERS = 2 * EACH;
    private static final int EVENTS = 400;

    /// Beyond the clock's times, which the claims have: times grow within each partition.
    private static final long LATER = Long.MAX_VALUE / 2;

    private static final Duration SOON = Duration.ofSeconds(90);

    /// Two logs, and a writer for each partition, each of whose events follows from any that is
    /// durable.
    private static final class World implements AutoCloseable {
        private final EventLog log;
        private final List<NewEvent> durable = new CopyOnWriteArrayList<>();

        World(EventLog first, EventLog second) {
            log =
                    JoinedLog.of(
                            List.of(
                                    new JoinedLog.Part("one", 0, first, Set.of("a")),
                                    new JoinedLog.Part("two", EACH, second, Set.of("b"))));
        }

        void write(int partition, long seed) {
            Random random = new Random(seed);
            String stream = stream(partition);
            Writer writer = log.claim(partition, "node");
            long time = LATER;
            for (int revision = 1; revision <= EVENTS; revision++) {
                NewEvent cause =
                        durable.isEmpty() ? null : durable.get(random.nextInt(durable.size()));
                UUID id = new UUID(partition, revision);
                UUID because = cause == null ? id : cause.metadata().eventId();
                time = Math.max(time, cause == null ? LATER : cause.metadata().time()) + 1;
                Metadata why = new Metadata(id, id, 1, id, because, "", "", time);
                NewEvent event = new NewEvent(stream, revision, "noted", 1, new byte[8], why);
                Samples.done(writer.append(List.of(event)));
                durable.add(event);
            }
        }

        private String stream(int partition) {
            String kind = partition < EACH ? "a" : "b";
            for (int i = 0; ; i++) {
                if (log.partitionOf(kind + "/" + i) == partition) {
                    return kind + "/" + i;
                }
            }
        }

        @Override
        public void close() {
            log.close();
        }
    }

    private static World inMemory() {
        return new World(MemoryLog.create(EACH), MemoryLog.create(EACH));
    }

    /// Reads all events that are to come, each behind what it follows from, and goes on with
    /// another reader now and then.
    private static void readAll(World world) {
        Set<UUID> seen = new HashSet<>();
        Positions after = Positions.NONE;
        long until = System.nanoTime() + SOON.toNanos();
        while (seen.size() < WRITERS * EVENTS && System.nanoTime() < until) {
            try (CausalReader reader = new CausalReader(world.log, after)) {
                for (int i = 0; i < 7 && seen.size() < WRITERS * EVENTS; i++) {
                    for (LogRecord record : reader.next(Duration.ofMillis(100))) {
                        see(record, seen);
                    }
                }
                after = reader.positions();
            }
        }
        assertThat(seen).hasSize(WRITERS * EVENTS);
    }

    private static void see(LogRecord record, Set<UUID> seen) {
        if (record instanceof EventRecord(_, _, NewEvent event)) {
            Metadata why = event.metadata();
            if (!why.causationId().equals(why.eventId())) {
                assertThat(seen).contains(why.causationId());
            }
            assertThat(seen.add(why.eventId())).as("seen once").isTrue();
        }
    }

    private static void writeAll(World world, long seed, Runnable meanwhile) throws Exception {
        List<Future<?>> writing = new ArrayList<>();
        try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int partition = 0; partition < WRITERS; partition++) {
                int number = partition;
                writing.add(writers.submit(() -> world.write(number, seed + number)));
            }
            meanwhile.run();
            for (Future<?> one : writing) {
                one.get();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void no_event_comes_before_its_cause_while_all_are_written(long seed) throws Exception {
        try (World world = inMemory()) {
            writeAll(world, seed, () -> readAll(world));
        }
    }

    @Test
    void no_event_comes_before_its_cause_when_it_catches_up() throws Exception {
        try (World world = inMemory()) {
            writeAll(world, 4, () -> {});
            readAll(world);
        }
    }

    /// A cause in the first log and what follows from it in the second, both between a look at the
    /// one and at the other.
    @Test
    void an_event_is_not_given_before_a_cause_that_the_look_has_missed() {
        MemoryLog second = MemoryLog.create(EACH);
        List<Runnable> meanwhile = new ArrayList<>();
        try (World world = new World(MemoryLog.create(EACH), lookedAtAfter(meanwhile, second))) {
            Writer causes = world.log.claim(0, "node");
            Writer effects = world.log.claim(EACH, "node");
            meanwhile.add(
                    () -> {
                        Samples.done(causes.append(List.of(event(world.stream(0), 1, 10))));
                        Samples.done(effects.append(List.of(event(world.stream(EACH), 1, 11))));
                    });
            List<String> given = new ArrayList<>();
            try (CausalReader reader = new CausalReader(world.log, Positions.NONE)) {
                while (given.size() < 2) {
                    for (LogRecord record : reader.next(SOON)) {
                        if (record instanceof EventRecord(_, _, NewEvent event)) {
                            given.add(event.stream());
                        }
                    }
                }
            }
            assertThat(given).containsExactly(world.stream(0), world.stream(EACH));
        }
    }

    /// The log whose records follow from those of the other one is read while that one is away.
    @Test
    void nothing_is_given_while_a_log_is_away_that_may_have_its_cause() {
        AtomicBoolean isAway = new AtomicBoolean();
        MemoryLog first = MemoryLog.create(EACH);
        try (World world = new World(awayWhile(isAway, first), MemoryLog.create(EACH));
                CausalReader reader = new CausalReader(world.log, Positions.NONE)) {
            Writer causes = first.claim(0, "node");
            Writer effects = world.log.claim(EACH, "node");
            assertThat(partitionsOfNext(2, reader)).as("claims").containsExactly(0, EACH);
            isAway.set(true);
            Samples.done(causes.append(List.of(event(world.stream(0), 1, 10))));
            Samples.done(effects.append(List.of(event(world.stream(EACH), 1, 11))));
            assertThat(reader.next(Duration.ofMillis(300))).as("blind").isEmpty();
            isAway.set(false);
            assertThat(partitionsOfNext(2, reader)).containsExactly(0, EACH);
        }
    }

    /// The first of two looks misses a log, and the second one has it.
    @Test
    @Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void it_looks_again_when_a_log_comes_back_between_its_two_looks() {
        AtomicInteger looks = new AtomicInteger();
        MemoryLog first = MemoryLog.create(EACH);
        try (World world = new World(missedByEverySecond(looks, first), MemoryLog.create(EACH))) {
            Samples.done(first.claim(0, "node").append(List.of(event(world.stream(0), 1, 10))));
            Samples.done(
                    world.log
                            .claim(EACH, "node")
                            .append(List.of(event(world.stream(EACH), 1, 11))));
            try (CausalReader reader = new CausalReader(world.log, Positions.NONE)) {
                assertThat(partitionsOfNext(4, reader)).contains(0, EACH);
            }
            assertThat(looks).hasValueGreaterThan(FLICKERS);
        }
    }

    private static EventLog missedByEverySecond(AtomicInteger looks, EventLog log) {
        return (EventLog)
                Proxy.newProxyInstance(
                        EventLog.class.getClassLoader(),
                        new Class<?>[] {EventLog.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("heads")) {
                                int look = looks.getAndIncrement();
                                if (look < FLICKERS && look % 2 == 0) {
                                    throw new LogException(
                                            LogException.Category.UNAVAILABLE, "away for a test");
                                }
                            }
                            return method.invoke(log, arguments);
                        });
    }

    private static List<Integer> partitionsOfNext(int count, CausalReader reader) {
        List<Integer> given = new ArrayList<>();
        while (given.size() < count) {
            List<LogRecord> next = reader.next(SOON);
            assertThat(next).as("in time").isNotEmpty();
            next.forEach(record -> given.add(record.partition()));
        }
        return given;
    }

    private static EventLog awayWhile(AtomicBoolean isAway, EventLog log) {
        return (EventLog)
                Proxy.newProxyInstance(
                        EventLog.class.getClassLoader(),
                        new Class<?>[] {EventLog.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("heads") && isAway.get()) {
                                throw new LogException(
                                        LogException.Category.UNAVAILABLE, "away for a test");
                            }
                            return method.invoke(log, arguments);
                        });
    }

    /// Reads whole partitions one after the other, as a log in a database does.
    private static EventLog dealingOneByOne(EventLog log) {
        return (EventLog)
                Proxy.newProxyInstance(
                        EventLog.class.getClassLoader(),
                        new Class<?>[] {EventLog.class},
                        (_, method, arguments) ->
                                method.getName().equals("reader")
                                        ? new OneByOne(log, (Positions) arguments[0])
                                        : method.invoke(log, arguments));
    }

    private static final class OneByOne implements LogReader {
        private final EventLog log;
        private Positions positions;

        OneByOne(EventLog log, Positions after) {
            this.log = log;
            this.positions = after;
        }

        @Override
        public List<LogRecord> next(int limit, Duration wait) {
            for (int partition : positions.partitions()) {
                Positions own = Positions.of(partition, positions.offset(partition));
                try (LogReader one = log.reader(own)) {
                    List<LogRecord> found = one.next(limit, Duration.ZERO);
                    if (!found.isEmpty()) {
                        positions = positions.merge(one.positions());
                        return found;
                    }
                }
            }
            return List.of();
        }

        @Override
        public Positions positions() {
            return positions;
        }

        @Override
        public void close() {}
    }

    /// Half of a log is in one partition, and everything in another is older.
    @Test
    void what_it_holds_is_bounded_whatever_one_partition_is_ahead_by() {
        int each = 20_000;
        try (EventLog log = dealingOneByOne(MemoryLog.create(EACH))) {
            for (int partition = 0; partition < EACH; partition++) {
                long step = partition == EACH - 1 ? 1 : EACH;
                writeOnly(log, partition, each, step);
            }
            int most = 0;
            long last = 0;
            int given = 0;
            try (CausalReader reader = new CausalReader(log, Positions.NONE)) {
                while (given < EACH * (each + 1)) { // with the claims
                    for (LogRecord record : reader.next(SOON)) {
                        assertThat(record.time()).isGreaterThanOrEqualTo(last);
                        last = record.time();
                        given++;
                    }
                    most = Math.max(most, reader.held());
                }
            }
            assertThat(most).isLessThanOrEqualTo(2 * CausalReader.MOST_HELD);
        }
    }

    private static void writeOnly(EventLog log, int partition, int count, long step) {
        String stream = "";
        for (int i = 0; stream.isEmpty(); i++) {
            stream = log.partitionOf("a/" + i) == partition ? "a/" + i : "";
        }
        Writer writer = log.claim(partition, "node");
        List<NewEvent> events = new ArrayList<>();
        for (int revision = 1; revision <= count; revision++) {
            events.add(event(stream, revision, revision * step));
        }
        for (int from = 0; from < count; from += 1_000) {
            Samples.done(writer.append(events.subList(from, from + 1_000)));
        }
    }

    /// A log that counts the readers and followers which are open, and fails to give the next one.
    private static EventLog counting(AtomicInteger open, AtomicReference<String> failing) {
        EventLog log = MemoryLog.create(EACH);
        return (EventLog)
                Proxy.newProxyInstance(
                        EventLog.class.getClassLoader(),
                        new Class<?>[] {EventLog.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals(failing.get())) {
                                throw new LogException(
                                        LogException.Category.UNAVAILABLE, "away for a test");
                            }
                            return switch (method.getName()) {
                                case "reader" -> countedReader(open, (Positions) arguments[0], log);
                                case "follow" -> counted(open.addAndGet(100));
                                case "unfollow" ->
                                        counted(open.get() >= 100 ? open.addAndGet(-100) : 0);
                                default -> method.invoke(log, arguments);
                            };
                        });
    }

    private static @Nullable Object counted(int open) {
        return null;
    }

    private static LogReader countedReader(AtomicInteger open, Positions after, EventLog log) {
        LogReader reader = log.reader(after);
        open.incrementAndGet();
        return (LogReader)
                Proxy.newProxyInstance(
                        LogReader.class.getClassLoader(),
                        new Class<?>[] {LogReader.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("close")) {
                                open.decrementAndGet();
                            }
                            return method.invoke(reader, arguments);
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader", "follow"})
    void a_reader_that_cannot_be_opened_leaves_nothing_open(String failing) {
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        AtomicReference<String> fails = new AtomicReference<>("");
        try (World world =
                new World(counting(first, new AtomicReference<>("")), counting(second, fails))) {
            fails.set(failing);
            assertThatExceptionOfType(LogException.class)
                    .isThrownBy(() -> world.log.reader(Positions.start(WRITERS)));
            assertThat(first).as("joined").hasValue(0);
            assertThat(second).as("joined").hasValue(0);
            assertThatExceptionOfType(LogException.class)
                    .isThrownBy(() -> new CausalReader(world.log, Positions.NONE));
            assertThat(first).as("causal").hasValue(0);
            assertThat(second).as("causal").hasValue(0);
        }
    }

    private static NewEvent event(String stream, long revision, long time) {
        UUID id = new UUID(stream.hashCode(), revision);
        Metadata why = new Metadata(id, id, 1, id, id, "", "", LATER + time);
        return new NewEvent(stream, revision, "noted", 1, new byte[8], why);
    }

    /// The log, whose heads are looked at after something has happened once.
    private static EventLog lookedAtAfter(List<Runnable> meanwhile, EventLog log) {
        return (EventLog)
                Proxy.newProxyInstance(
                        EventLog.class.getClassLoader(),
                        new Class<?>[] {EventLog.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("heads") && !meanwhile.isEmpty()) {
                                meanwhile.removeFirst().run();
                            }
                            return method.invoke(log, arguments);
                        });
    }

    @Test
    void it_waits_no_longer_than_it_may() {
        try (World world = inMemory();
                CausalReader reader = new CausalReader(world.log, Positions.NONE)) {
            assertThat(reader.next(Duration.ofMillis(20))).isEmpty();
            assertThat(reader.positions()).isEqualTo(Positions.start(WRITERS));
        }
    }
}
