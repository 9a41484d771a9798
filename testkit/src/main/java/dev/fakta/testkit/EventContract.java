// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Microsystem;
import dev.fakta.runtime.EventJson;
import dev.fakta.runtime.EventJson.Shape;
import dev.fakta.runtime.Microsystems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What a program has promised to read: the JSON of its events, by name and schema version.
///
/// ```java
/// assertThatEventsOf(MICROSYSTEM).matchContract(Path.of("src/test/resources/contract"));
/// assertThatEventsOf(MICROSYSTEM).read("{\"count\":2}", 1, new SeatsReserved(2));
/// ```
///
/// Each event and version has a file, `NAME.vN.txt`, with the components of its record and of the
/// types in it. Files of versions before stay, and say what the logs may hold. A file that is
/// missing is written: that of a new event or version is to be committed with it.
public final class EventContract {

    /// The system property that, as `renew`, has the files written anew.
    public static final String PROPERTY = "fakta.contract";

    private static final String SUFFIX = ".txt";
    private static final List<String> GONE = List.of("the program has no such event or version");

    private final EventJson json;

    private EventContract(EventJson json) {
        this.json = json;
    }

    /// The events of these microsystems. That what they hold can be read back is checked at once.
    public static EventContract assertThatEventsOf(Microsystem... microsystems) {
        return new EventContract(new EventJson(Microsystems.of(microsystems)));
    }

    /// Fails when an event's record differs from its file, or an event that has a file is gone.
    public void matchContract(Path directory) {
        matchContract(directory, "renew".equals(System.getProperty(PROPERTY)));
    }

    void matchContract(Path directory, boolean isRenewed) {
        try {
            Files.createDirectories(directory);
            if (isRenewed) {
                removeWhatDiffers(directory);
            }
            writeMissing(directory);
            assertThat(differences(directory))
                    .as(
                            "events in logs have the JSON of %s. Raise the version of what changed"
                                    + " by .upcasting(...); or, when JSON of before can be read as"
                                    + " it is, run with -D%s=renew",
                            directory, PROPERTY)
                    .isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Fails unless this JSON, recorded by this schema version, is read as the event.
    public EventContract read(String recorded, int version, Object expected) {
        assertThat(json.read(json.nameOf(expected), version, recorded))
                .as("version %d of %s", version, json.nameOf(expected))
                .isEqualTo(expected);
        return this;
    }

    private static String file(String event, int version) {
        return event + ".v" + version + SUFFIX;
    }

    private void writeMissing(Path directory) throws IOException {
        for (Shape shape : json.shapes()) {
            Path file = directory.resolve(file(shape.event(), shape.version()));
            if (Files.notExists(file)) {
                Files.write(file, shape.lines());
            }
        }
    }

    private void removeWhatDiffers(Path directory) throws IOException {
        for (String file : found(directory).keySet()) {
            if (!difference(directory, file).isEmpty()) {
                Files.delete(directory.resolve(file));
            }
        }
    }

    private List<String> differences(Path directory) throws IOException {
        List<String> differences = new ArrayList<>();
        for (String file : found(directory).keySet()) {
            differences.addAll(difference(directory, file));
        }
        return differences;
    }

    /// The files of the contract, with what the program makes of them: its event's lines; none for
    /// a version before, which nothing can be compared with.
    private Map<String, List<String>> found(Path directory) throws IOException {
        Map<String, List<String>> current = new TreeMap<>();
        for (Shape shape : json.shapes()) {
            for (int version = 1; version < shape.version(); version++) {
                current.put(file(shape.event(), version), List.of());
            }
            current.put(file(shape.event(), shape.version()), shape.lines());
        }
        Map<String, List<String>> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(SUFFIX))
                    .forEach(file -> found.put(file, current.getOrDefault(file, GONE)));
        }
        return found;
    }

    private List<String> difference(Path directory, String file) throws IOException {
        List<String> now = found(directory).getOrDefault(file, GONE);
        List<String> before = Files.readAllLines(directory.resolve(file));
        List<String> difference = new ArrayList<>();
        if (!now.isEmpty() && !now.equals(before)) {
            difference.add(file);
            before.stream()
                    .filter(line -> !now.contains(line))
                    .map("- "::concat)
                    .forEach(difference::add);
            now.stream()
                    .filter(line -> !before.contains(line))
                    .map("+ "::concat)
                    .forEach(difference::add);
        }
        return difference;
    }
}
