// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/// What every log checks before it appends, and how it says what is wrong. For implementations.
public final class AppendChecks {

    /// The bytes of the largest note.
    public static final int LARGEST_NOTE = 1 << 20;

    private static final int LONGEST_NOTE_NAME = 200;
    private static final Pattern NOTE_NAME = Pattern.compile("[a-z][a-z0-9]*([-.][a-z0-9]+)*");

    private AppendChecks() {}

    /// Checks the name of a note.
    ///
    /// @throws IllegalArgumentException when it is none, see [EventLog#putNote]
    public static void noteName(String name) {
        if (name.length() > LONGEST_NOTE_NAME || !NOTE_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a note's name is lower-case words joined by '-' and '.', not '%s'"
                            .formatted(name));
        }
    }

    /// Checks a note.
    ///
    /// @throws IllegalArgumentException when a log cannot keep it, see [EventLog#putNote]
    public static void note(String name, String text) {
        noteName(name);
        if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(
                    "note '%s' has a U+0000 or half of a surrogate pair".formatted(name));
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LARGEST_NOTE) {
            throw new IllegalArgumentException(
                    "note '%s' has %,d bytes; %,d are the most"
                            .formatted(name, bytes, LARGEST_NOTE));
        }
    }

    /// Checks the name of a claiming node.
    ///
    /// @throws IllegalArgumentException when it is too long
    public static void node(String node) {
        NewEvent.checkLength("node", node);
    }

    /// Checks where events belong.
    ///
    /// @throws IllegalArgumentException when an event's stream belongs to another partition
    public static void partition(EventLog log, int partition, List<NewEvent> events) {
        for (NewEvent event : events) {
            partition(log, partition, event.stream());
        }
    }

    /// Checks where a stream belongs.
    ///
    /// @throws IllegalArgumentException when the stream belongs to another partition
    public static void partition(EventLog log, int partition, String stream) {
        int right = log.partitionOf(stream);
        if (right != partition) {
            throw wrongPartition(stream, right, partition);
        }
    }

    static IllegalArgumentException wrongPartition(String stream, int right, int wrong) {
        return new IllegalArgumentException(
                "stream '%s' belongs to partition %d, not %d".formatted(stream, right, wrong));
    }

    /// @param last the revision of a stream's last event, 0 for none
    static void revisions(List<NewEvent> events, ToLongFunction<String> last) {
        Map<String, Long> reached = new HashMap<>();
        for (NewEvent event : events) {
            Long earlier = reached.get(event.stream());
            long expected = (earlier == null ? last.applyAsLong(event.stream()) : earlier) + 1;
            if (event.revision() != expected) {
                throw conflict(event, expected);
            }
            reached.put(event.stream(), expected);
        }
    }

    /// An event does not follow.
    ///
    /// @param expected the revision that follows in the event's stream
    public static LogException conflict(NewEvent event, long expected) {
        return new LogException(
                Category.CONFLICT,
                "revision %d of stream '%s' is not the next one, %d"
                        .formatted(event.revision(), event.stream(), expected));
    }

    /// A writer is not the newest one.
    ///
    /// @param newest the epoch of the partition's newest claim
    public static LogException fenced(int partition, long epoch, long newest) {
        return new LogException(
                Category.FENCED,
                "partition %d, claimed at epoch %d, was claimed again at epoch %d"
                        .formatted(partition, epoch, newest));
    }
}
