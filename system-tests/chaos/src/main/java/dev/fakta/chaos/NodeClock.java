// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// The wall clock of one node, which can be set while the node runs: a file of 8 bytes that the
/// [ClockAgent] in the node's JVM reads. It stays as it is set when the node is started again, up
/// to fifty minutes.
final class NodeClock {

    private static final Duration STEP = Duration.ofMillis(20);

    /// A little less than what a node refuses to start with, see `DatabaseClock`.
    private static final Duration FURTHEST_AT_START = Duration.ofMinutes(50);

    private final Path agent;
    private final Path file;
    private final MappedByteBuffer shift;

    private NodeClock(Path agent, Path file, MappedByteBuffer shift) {
        this.agent = agent;
        this.file = file;
        this.shift = shift;
    }

    /// A clock that is right.
    ///
    /// @param agent what [#writeAgent] has written
    static NodeClock open(Path agent, Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            MappedByteBuffer shift = channel.map(MapMode.READ_WRITE, 0, Long.BYTES);
            shift.order(ByteOrder.nativeOrder()).putLong(0, 0);
            return new NodeClock(agent, file, shift);
        }
    }

    /// Packs the agent, from the classes of this program.
    static void writeAgent(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", ClockAgent.class.getName());
        attributes.putValue("Can-Retransform-Classes", "true");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file, manifest)) {
            for (Class<?> packed : List.of(ClockAgent.class, ShiftedTime.class)) {
                String name = packed.getName().replace('.', '/') + ".class";
                entries.putNextEntry(new JarEntry(name));
                try (InputStream bytes = packed.getResourceAsStream("/" + name)) {
                    Objects.requireNonNull(bytes, name).transferTo(entries);
                }
            }
        }
    }

    /// For the command line of the node's JVM.
    String option() {
        return "-javaagent:%s=%s=%s".formatted(agent, agent, file);
    }

    /// Sets the clock so much ahead of the machine's, or behind it.
    void set(Duration ahead) {
        shift.putLong(0, ahead.toMillis());
    }

    /// Sets the clock right when it is so wrong that no node would start with it.
    void setRightToStart() {
        if (ahead().abs().compareTo(FURTHEST_AT_START) > 0) {
            set(Duration.ZERO);
        }
    }

    Duration ahead() {
        return Duration.ofMillis(shift.getLong(0));
    }

    /// Lets the clock go wrong steadily for a while.
    ///
    /// @param rate 0.5 gains half a second in a second; below -1 time goes backwards
    void drift(double rate, Duration time) {
        long start = shift.getLong(0);
        long began = System.nanoTime();
        for (long gone = 0; gone < time.toNanos(); gone = System.nanoTime() - began) {
            shift.putLong(0, start + (long) (gone / 1e6 * rate));
            Pause.of(STEP);
        }
    }
}
