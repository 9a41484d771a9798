// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The ledger on disk: a line of JSON per entry, appended and never changed, after a first line with
/// the ledger's own name. It survives the death of the process, not that of the machine: it is a
/// sandbox. A last line that was not written to its end is cut off.
///
///     {"ledger":"0f3a9c1e"}
///     {"type":"OPERATION","number":1,"id":"op_1","payment":"p1","amount":{…},…}
///
/// One thread at a time.
final class LedgerFile implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LENGTH_OF_NAME = 8;

    private final FileChannel channel;
    private final String name;

    private record Head(String ledger) {}

    private LedgerFile(FileChannel channel, String name) {
        this.channel = channel;
        this.name = name;
    }

    /// Opens the file, or makes it, and reads what it has.
    static LedgerFile open(Path file, Consumer<Entry> reader) {
        try {
            Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
            String name = Files.exists(file) ? read(file, reader) : "";
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            if (!name.isEmpty()) {
                return new LedgerFile(channel, name);
            }
            String fresh = UUID.randomUUID().toString().substring(0, LENGTH_OF_NAME);
            LedgerFile ledger = new LedgerFile(channel, fresh);
            ledger.write(new Head(fresh));
            return ledger;
        } catch (IOException e) {
            throw new UncheckedIOException("the sandbox's ledger cannot be opened: " + e, e);
        }
    }

    private static String read(Path file, Consumer<Entry> reader) throws IOException {
        cutTornLine(file);
        String name = "";
        try (var lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (name.isEmpty()) {
                    name = JSON.readValue(line, Head.class).ledger();
                } else {
                    reader.accept(JSON.readValue(line, Entry.class));
                }
            }
        } catch (JacksonException e) {
            throw new IOException("a line is no entry", e);
        }
        return name;
    }

    private static void cutTornLine(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = channel.size();
            ByteBuffer one = ByteBuffer.allocate(1);
            while (end > 0) {
                channel.read(one.clear(), end - 1);
                if (one.get(0) == '\n') {
                    break;
                }
                end--;
            }
            channel.truncate(end);
        }
    }

    /// Two ledgers have two names, so that their webhooks have different ids.
    String name() {
        return name;
    }

    void append(Entry entry) {
        try {
            write(entry);
        } catch (IOException e) {
            throw new UncheckedIOException("the sandbox's ledger cannot be written", e);
        }
    }

    private void write(Object value) throws IOException {
        byte[] line = (JSON.writeValueAsString(value) + '\n').getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.wrap(line);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
