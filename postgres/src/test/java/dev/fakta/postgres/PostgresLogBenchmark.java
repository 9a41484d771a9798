// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.log.Writer;
import dev.fakta.postgres.server.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/// Figures of a [PostgresLog] and a PostgreSQL on this machine that share its cores; a program, not
/// a test. Arguments: events per round (500,000; 3 rounds), events per append (32), events per
/// stream (5), payload bytes (300), bytes per commit (1,048,576).
///
/// The database forces its log to disk at each commit, as in production; `-Ddir` says where.
final class PostgresLogBenchmark {

    private static final int IN_FLIGHT = 192;

    private final int events;
    private final int perAppend;
    private final int perStream;
    private final byte[] payload;
    private final PostgresLogSettings settings;

    private PostgresLogBenchmark(String url, int[] numbers) {
        this.events = numbers[0];
        this.perAppend = numbers[1];
        this.perStream = numbers[2];
        this.payload = new byte[numbers[3]];
        this.settings = PostgresLogSettings.of(url).withBatchBytes(numbers[4]);
        Arrays.fill(payload, (byte) 'x');
    }

    public static void main(String[] args) throws Exception {
        int[] numbers = {500_000, 32, 5, 300, 1 << 20};
        for (int i = 0; i < args.length; i++) {
            numbers[i] = Integer.parseInt(args[i]);
        }
        Path directory =
                Files.createTempDirectory(Path.of(System.getProperty("dir", "/tmp")), "bench");
        Map<String, String> parameters = Map.of("max_wal_size", "4GB", "shared_buffers", "512MB");
        try (LocalPostgres server = LocalPostgres.start(directory.resolve("data"), 0, parameters)) {
            server.createDatabase("bench");
            new PostgresLogBenchmark(server.url("bench"), numbers).run();
        } finally {
            delete(directory);
        }
    }

    private void run() {
        long start = System.nanoTime();
        PostgresLog log = PostgresLog.open(settings);
        say("open, a new log", "%.0f ms", ms(start));
        for (int round = 0; round < 3; round++) {
            append(log, round);
        }
        replay(log);
        replay(log);
        readStreams(log);
        latency(log);
        start = System.nanoTime();
        log.close();
        say("close", "%.0f ms", ms(start));
        start = System.nanoTime();
        PostgresLog.open(settings).close();
        say("open and close", "%.0f ms", ms(start));
    }

    private void append(PostgresLog log, int round) {
        List<Writer> writers = new ArrayList<>();
        List<List<String>> names = new ArrayList<>();
        long start = System.nanoTime();
        for (int partition = 0; partition < log.partitions(); partition++) {
            writers.add(log.claim(partition, "bench"));
            names.add(new ArrayList<>());
        }
        say("claim", "%.2f ms", ms(start) / log.partitions());
        int each = events / log.partitions() / perStream + perAppend;
        for (int number = 0, full = 0; full < names.size(); number++) {
            String name = "order-" + round + "-" + number;
            List<String> known = names.get(log.partitionOf(name));
            if (known.size() < each) {
                known.add(name);
                full += known.size() == each ? 1 : 0;
            }
        }
        start = System.nanoTime();
        int[] next = new int[writers.size()];
        Queue<CompletionStage<Long>> waiting = new ArrayDeque<>();
        for (int done = 0, w = 0; done < events; done += perAppend, w = (w + 1) % next.length) {
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
        say("append", "%,.0f events/s", events / (ms(start) / 1000));
    }

    private NewEvent event(String stream, long revision) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        UUID command = new UUID(random.nextLong(), random.nextLong());
        UUID id = new UUID(random.nextLong(), random.nextLong());
        Metadata why = new Metadata(id, command, 0, command, command, "customer", "", revision);
        return new NewEvent(stream, revision, "order-created", 1, payload, why);
    }

    private static void replay(PostgresLog log) {
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
        try (LogReader reader = log.reader(log.heads())) {
            start = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                count += reader.next(1, Duration.ZERO).size();
            }
            say("reader at the heads", "%.3f ms", ms(start) / 1000);
        }
    }

    private void readStreams(PostgresLog log) {
        int count = 5000;
        long found = 0;
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int number = ThreadLocalRandom.current().nextInt(events / perStream);
            found += log.readStream("order-0-" + number, 1, 100).size();
        }
        say("readStream", "%.2f us, %,d events", ms(start) * 1000 / count, found);
    }

    private void latency(PostgresLog log) {
        String stream = "latency";
        Writer writer = log.claim(log.partitionOf(stream), "bench");
        long[] nanos = new long[1000];
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

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
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
