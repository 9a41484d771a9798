// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.EventSink;
import dev.fakta.domain.RecordedEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

// region sink
/// Appends events to a file, a line of JSON for each, and behind each batch the position. Whatever
/// stands behind the last position was never finished, and is cut off.
final class FileSink implements EventSink {

    private final FileChannel file;
    private String position = "";

    FileSink(Path path) {
        try {
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            file.truncate(end(path)).position(file.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long end(Path path) throws IOException {
        long read = 0;
        long end = 0;
        try (BufferedReader lines = Files.newBufferedReader(path)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                read += line.getBytes(StandardCharsets.UTF_8).length + 1;
                if (line.startsWith("#") && read <= file.size()) { // else it has no end
                    position = line.substring(1);
                    end = read;
                }
            }
        }
        return end;
    }

    @Override
    public Optional<String> position() {
        return position.isEmpty() ? Optional.empty() : Optional.of(position);
    }

    @Override
    public void take(List<RecordedEvent> events, Supplier<String> upTo) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (RecordedEvent each : events) {
            lines.append(new String(each.json(), StandardCharsets.UTF_8)).append('\n');
        }
        lines.append('#').append(upTo.get()).append('\n');
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(lines.toString());
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
        file.force(false);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
// endregion
