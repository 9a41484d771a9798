// SPDX-License-Identifier: Apache-2.0
package dev.fakta.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.orders.OrderManagement;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// Remembers which requests were refused: each has a trace of its own, and whatever is recorded
/// because of a request has the request's trace as its correlation. Serves all threads.
final class Refused {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LONGEST = 5_000;

    /// A change of an order pulls its planned shipments back before the order decides. When another
    /// request comes between, the order may refuse it after all, and the shipments are planned
    /// anew.
    private static final Set<String> PULLED_BACK =
            Set.of("shipment-cancelled", "order-shipment-cancelled");

    private final long mark;
    private final BitSet refused = new BitSet();
    private final Map<Integer, Long> places = new HashMap<>();
    private final RandomAccessFile file;

    private Refused(long mark, RandomAccessFile file) {
        this.mark = mark;
        this.file = file;
    }

    /// @param seed tells these requests from all others
    /// @param file for the requests: there are too many to remember
    static Refused of(long seed, Path file) throws IOException {
        return new Refused(seed | 1, new RandomAccessFile(file.toFile(), "rw"));
    }

    /// The `traceparent` of a request.
    String trace(int number) {
        return "00-%016x%016x-00f067aa0ba902b7-01".formatted(mark, number);
    }

    synchronized void add(int number, RawRequest request) {
        refused.set(number);
        if (request.method().equals("GET") || request.body().length > LONGEST) {
            return; // it will not be asked for, or would not be read
        }
        try {
            places.put(number, file.getFilePointer());
            byte[] line = request.shell(0).getBytes(UTF_8);
            file.writeInt(line.length);
            file.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The request as a line for a shell.
    private String line(int number) throws IOException {
        Long place = places.get(number);
        if (place == null) {
            return "request " + number;
        }
        file.seek(place);
        byte[] line = new byte[file.readInt()];
        file.readFully(line);
        return new String(line, UTF_8);
    }

    /// The events that were recorded because of refused requests, by the request's number, in the
    /// log of a node that was stopped; and how many events there are at all.
    synchronized Found recorded(Path data) throws IOException {
        Map<Integer, String> wrong = new TreeMap<>();
        long events = 0;
        try (EventLog log =
                LogDirectory.openExisting(
                        data.resolve("log"),
                        OrderManagement.MICROSYSTEMS.streams(),
                        SegmentLogSettings.defaults())) {
            Positions until = log.heads();
            try (LogReader reader = log.reader(Positions.start(log.partitions()))) {
                while (!reader.positions().covers(until)) {
                    for (LogRecord record : reader.next(1_000, PATIENCE)) {
                        if (record instanceof EventRecord event) {
                            events++;
                            note(event, wrong);
                        }
                    }
                }
            }
        }
        List<String> lines = new ArrayList<>();
        for (Map.Entry<Integer, String> one : wrong.entrySet()) {
            lines.add(one.getValue() + " by " + line(one.getKey()));
        }
        return new Found(events, lines);
    }

    /// @param wrong what was recorded, and by which request
    record Found(long events, List<String> wrong) {
        Found {
            wrong = List.copyOf(wrong);
        }
    }

    private void note(EventRecord event, Map<Integer, String> wrong) {
        UUID correlation = event.event().metadata().correlationId();
        int number = (int) correlation.getLeastSignificantBits();
        String name = event.event().name();
        if (correlation.getMostSignificantBits() == mark
                && refused.get(number)
                && !PULLED_BACK.contains(name)) {
            wrong.merge(number, name, (a, b) -> a + ", " + b);
        }
    }
}
