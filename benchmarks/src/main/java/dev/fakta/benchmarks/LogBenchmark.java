// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.log.LogReader;
import dev.fakta.log.Positions;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The embedded log by itself: durable appends, a replay of all of it, and opening it after its
/// process was killed.
final class LogBenchmark implements Benchmark {

    static final int EVENTS = 1_000_000;
    private static final int READ_AT_ONCE = 4_096;
    private static final Duration NO_WAIT = Duration.ZERO;

    @Override
    public String name() {
        return "log";
    }

    @Override
    public String description() {
        return "%,d events of %d bytes in %d partitions: append, open after kill -9, replay"
                .formatted(
                        EVENTS,
                        LogFiller.PAYLOAD_BYTES,
                        SegmentLogSettings.defaults().partitions());
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        try (TemporaryDirectory data = TemporaryDirectory.create()) {
            fillAndKill(data.path());
            long start = System.nanoTime();
            try (SegmentLog log = SegmentLog.open(data.path(), SegmentLogSettings.defaults())) {
                double openMillis = (System.nanoTime() - start) / 1e6;
                replay(log); // once to warm up
                double replayed = replay(log);
                LogFiller filler = new LogFiller(log);
                filler.append(EVENTS);
                long before = System.nanoTime();
                filler.append(EVENTS);
                double appended = EVENTS / ((System.nanoTime() - before) / 1e9);
                return List.of(
                        Figure.of("append, durable", appended, "events/s"),
                        Figure.of("replay", replayed, "events/s"),
                        Figure.of("open after kill -9", openMillis, "ms"));
            }
        }
    }

    /// Fills a log in a process of its own, and kills that when all is durable.
    private static void fillAndKill(Path directory) throws IOException, InterruptedException {
        Process filler =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                LogFiller.class.getName(),
                                directory.toString(),
                                Integer.toString(EVENTS))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader lines = filler.inputReader()) {
            if (!"filled".equals(lines.readLine())) {
                throw new IOException("the log is not filled");
            }
        } finally {
            filler.destroyForcibly();
        }
        if (!filler.waitFor(10, TimeUnit.SECONDS)) {
            throw new IOException("the filling process cannot be killed");
        }
    }

    private static double replay(SegmentLog log) {
        Positions heads = log.heads();
        long left = Positions.start(log.partitions()).behind(heads);
        long records = left;
        long start = System.nanoTime();
        try (LogReader reader = log.reader(Positions.start(log.partitions()))) {
            while (left > 0) {
                left -= reader.next(READ_AT_ONCE, NO_WAIT).size();
            }
        }
        return records / ((System.nanoTime() - start) / 1e9);
    }
}
