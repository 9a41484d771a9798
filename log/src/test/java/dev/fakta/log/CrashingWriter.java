// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A process that appends until it is killed, and prints `partition offset` for each append that
/// was acknowledged to it. Arguments: directory, seed.
final class CrashingWriter {

    static final SegmentLogSettings SETTINGS =
            SegmentLogSettings.defaults()
                    .withPartitions(4)
                    .withSegmentBytes(1 << 20)
                    .withCheckpoints(600_000, 40);
    static final int STREAMS = 60;

    private CrashingWriter() {}

    public static void main(String[] args) {
        Random random = new Random(Long.parseLong(args[1]));
        SegmentLog log = SegmentLog.open(Path.of(args[0]), SETTINGS);
        List<Writer> writers = new ArrayList<>();
        List<long[]> revisions = new ArrayList<>();
        for (int p = 0; p < log.partitions(); p++) {
            writers.add(log.claim(p, "crashing"));
            revisions.add(new long[STREAMS]);
            for (int s = 0; s < STREAMS; s++) {
                List<EventRecord> known = log.readStream(Samples.stream(log, p, s), 1, 1 << 20);
                revisions.getLast()[s] = known.size();
            }
        }
        System.out.println("begun");
        while (true) {
            int partition = random.nextInt(writers.size());
            append(log, writers.get(partition), revisions.get(partition), random);
        }
    }

    private static void append(SegmentLog log, Writer writer, long[] revisions, Random random) {
        List<NewEvent> events = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            int number = random.nextInt(STREAMS);
            String stream = Samples.stream(log, writer.partition(), number);
            events.add(Samples.event(stream, ++revisions[number], random.nextInt(2000)));
        }
        NewEvent last = events.getLast();
        var stage =
                writer.append(events)
                        .thenAccept(offset -> print(System.out, writer.partition(), offset));
        if (random.nextInt(10) == 0) {
            writer.putSnapshot(new Snapshot(last.stream(), last.revision(), last.payload()));
        }
        if (random.nextInt(20) == 0) {
            stage.toCompletableFuture().join();
        }
    }

    private static void print(PrintStream out, int partition, long offset) {
        out.println(partition + " " + offset);
    }
}
