// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/// Figures of a [SegmentLog] on this machine; a program, not a test. Arguments: events per round
/// (1,000,000; 3 rounds), events per append (32), producer threads (2), events per stream (5),
/// payload bytes (300).
final class SegmentLogBenchmark {

    private static final int IN_FLIGHT = 64;

    private final Path directory;
    private final int events;
    private final int perAppend;
    private final int producers;
    private final int perStream;
    private final byte[] payload;

    private SegmentLogBenchmark(Path directory, int[] numbers) {
        this.directory = directory;
        this.events = numbers[0];
        this.perAppend = numbers[1];
        this.producers = numbers[2];
        this.perStream = numbers[3];
        this.payload = new byte[numbers[4]];
        Arrays.fill(payload, (byte) 'x');
    }

    public static void main(String[] args) throws Exception {
        int[] numbers = {1_000_000, 32, 2, 5, 300};
        for (int i = 0; i < args.length; i++) {
            numbers[i] = Integer.parseInt(args[i]);
        }
        Path directory =
                Files.createTempDirectory(Path.of(System.getProperty("dir", "/tmp")), "bench");
        try {
            new SegmentLogBenchmark(directory, numbers).run();
        } finally {
            delete(directory);
        }
    }

    private void run() throws Exception {
        try (SegmentLog log = open()) {
            for (int round = 0; round < 3; round++) {
                appendAll(log, round);
            }
            replay(log);
            replay(log);
            readStreams(log);
            absent(log);
            latency(log);
            copyAsAfterACrash();
        }
        long start = System.nanoTime();
        open().close();
        say("open and close, clean", "%.0f ms", ms(start));
        start = System.nanoTime();
        SegmentLog clean = open();
        say("open, clean", "%.0f ms", ms(start));
        clean.close();
        start = System.nanoTime();
        SegmentLog crashed = SegmentLog.open(crashCopy(), SegmentLogSettings.defaults());
        say("open after a crash", "%.0f ms", ms(start));
        crashed.close();
        for (Path index : indexFiles(crashCopy())) {
            Files.delete(index);
        }
        start = System.nanoTime();
        SegmentLog rebuilt = SegmentLog.open(crashCopy(), SegmentLogSettings.defaults());
        say("open without an index", "%.0f ms", ms(start));
        rebuilt.close();
        start = System.nanoTime();
        VerifyReport report = LogVerifier.verify(directory);
        say("verify", "%.0f ms, %s", ms(start), report);
    }

    private SegmentLog open() {
        return SegmentLog.open(directory, SegmentLogSettings.defaults());
    }

    private void appendAll(SegmentLog log, int round) throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(producers);
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < producers; i++) {
            Producer producer = new Producer(log, round, i);
            threads.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        producer.prepare();
                                        ready.countDown();
                                        await(go);
                                        producer.produce();
                                    }));
        }
        await(ready);
        long start = System.nanoTime();
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        say("append, round " + round, "%,.0f events/s", events / (ms(start) / 1000));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Appends its share to every so-manieth partition, pipelined.
    private final class Producer {
        private final SegmentLog log;
        private final int round;
        private final int number;
        private final List<Writer> writers = new ArrayList<>();
        private final List<List<String>> names = new ArrayList<>();

        Producer(SegmentLog log, int round, int number) {
            this.log = log;
            this.round = round;
            this.number = number;
        }

        void prepare() {
            for (int p = number; p < log.partitions(); p += producers) {
                writers.add(log.claim(p, "bench"));
                names.add(new ArrayList<>());
            }
            int each = events / producers / writers.size() / perStream + perAppend;
            for (int i = 0, full = 0; full < writers.size(); i++) {
                String name = "order-" + round + "-" + number + "-" + i;
                int partition = log.partitionOf(name);
                List<String> known = names.get(partition / producers);
                if (partition % producers == number && known.size() < each) {
                    known.add(name);
                    full += known.size() == each ? 1 : 0;
                }
            }
        }

        void produce() {
            int mine = events / producers;
            int[] next = new int[writers.size()];
            Queue<CompletionStage<Long>> waiting = new ArrayDeque<>();
            for (int done = 0, w = 0; done < mine; done += perAppend, w = (w + 1) % next.length) {
                List<NewEvent> batch = new ArrayList<>(perAppend);
                for (int i = 0; i < perAppend; i++) {
                    int at = next[w]++;
                    batch.add(event(names.get(w).get(at / perStream), at % perStream + 1L));
                }
                waiting.add(writers.get(w).append(batch));
                if (waiting.size() > IN_FLIGHT) {
                    waiting.remove().toCompletableFuture().join();
                }
            }
            waiting.forEach(stage -> stage.toCompletableFuture().join());
        }
    }

    private NewEvent event(String stream, long revision) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        UUID command = new UUID(random.nextLong(), random.nextLong());
        UUID id = new UUID(random.nextLong(), random.nextLong());
        Metadata why = new Metadata(id, command, 0, command, command, "customer", "", revision);
        return new NewEvent(stream, revision, "order-created", 1, payload, why);
    }

    private void replay(SegmentLog log) {
        long start = System.nanoTime();
        long count = 0;
        try (LogReader reader = log.reader(Positions.start(log.partitions()))) {
            for (List<LogRecord> next = reader.next(1000, Duration.ZERO);
                    !next.isEmpty();
                    next = reader.next(1000, Duration.ZERO)) {
                count += next.size();
            }
        }
        say("replay", "%,.0f records/s", count / (ms(start) / 1000));
        start = System.nanoTime();
        try (LogReader reader = log.reader(log.heads())) {
            say("reader at the heads", "%d records", reader.next(1, Duration.ZERO).size());
        }
        say("reader at the heads", "%.2f ms", ms(start));
    }

    private void readStreams(SegmentLog log) {
        for (int round = 0; round < 3; round++) {
            int count = 20_000;
            long found = 0;
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                int number = ThreadLocalRandom.current().nextInt(events / perStream / producers);
                found += log.readStream("order-0-0-" + number, 1, 100).size();
            }
            say("readStream", "%.2f us, %,d events", ms(start) * 1000 / count, found);
        }
    }

    private void absent(SegmentLog log) {
        int count = 200_000;
        int sure = 0;
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            sure += log.surelyAbsent("nothing-" + i) ? 1 : 0;
        }
        say("surelyAbsent", "%.2f us, %,d of %,d sure", ms(start) * 1000 / count, sure, count);
    }

    private void latency(SegmentLog log) {
        String stream = "latency";
        Writer writer = log.claim(log.partitionOf(stream), "bench");
        long[] nanos = new long[3000];
        for (int i = 0; i < nanos.length; i++) {
            long start = System.nanoTime();
            writer.append(List.of(event(stream, i + 1L))).toCompletableFuture().join();
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        say(
                "one append at a time",
                "p50 %d us, p99 %d us",
                nanos[nanos.length / 2] / 1000,
                nanos[nanos.length * 99 / 100] / 1000);
    }

    private Path crashCopy() {
        return directory.resolve("crashed");
    }

    private void copyAsAfterACrash() throws IOException {
        Files.createDirectories(crashCopy());
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, crashCopy().resolve(file.getFileName()));
            }
        }
    }

    private static List<Path> indexFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> !f.toString().endsWith(".segment")).toList();
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static double ms(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation is a dependency
    private static void say(String what, String format, Object... values) {
        System.out.printf("%-24s %s%n", what, format.formatted(values));
    }
}
