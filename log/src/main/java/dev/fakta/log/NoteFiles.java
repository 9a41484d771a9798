// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// The notes of a log in segment files: each is a file of the log's directory, `NAME.note`, a
/// [SealedText] with the note's text and an end of line. One that is damaged is refused and stays.
final class NoteFiles {

    private static final String HEADER = "fakta-note 1";

    private final Path directory;
    private final Disk disk;

    NoteFiles(Path directory, Disk disk) {
        this.directory = directory;
        this.disk = disk;
    }

    synchronized Optional<String> read(String name) {
        AppendChecks.noteName(name);
        try {
            return SealedText.read(file(name), HEADER)
                    .map(body -> body.substring(0, body.length() - 1));
        } catch (IOException e) {
            throw Disk.failure("cannot read " + file(name), e);
        }
    }

    synchronized void write(String name, String text) {
        AppendChecks.note(name, text);
        try {
            SealedText.write(file(name), HEADER, text + "\n", disk);
        } catch (IOException e) {
            throw Disk.failure("cannot write " + file(name), e);
        }
    }

    synchronized String once(String name, String text) {
        Optional<String> found = read(name);
        if (found.isEmpty()) {
            write(name, text);
        }
        return found.orElse(text);
    }

    private Path file(String name) {
        return directory.resolve(name + ".note");
    }
}
