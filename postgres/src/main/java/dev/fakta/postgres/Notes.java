// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.OffsetDateTime;
import java.util.Optional;

/// The notes that a database keeps of a log, in its table `note`.
final class Notes {

    private static final String READ = "select text, written_at from note where name = ?";
    private static final String WRITE =
            """
            insert into note (name, text, written_at) values (?, ?, clock_timestamp())
            on conflict (name) do update
            set text = excluded.text, written_at = excluded.written_at
            """;

    private static final String WRITE_ONCE =
            """
            insert into note (name, text, written_at) values (?, ?, clock_timestamp())
            on conflict (name) do nothing
            """;

    private final Database database;

    Notes(Database database) {
        this.database = database;
    }

    /// A note, and when it was written by the database's clock.
    record Note(String text, OffsetDateTime writtenAt) {}

    Optional<Note> read(String name) {
        return database.read(
                open -> {
                    try (PreparedStatement statement = open.prepareStatement(READ)) {
                        statement.setString(1, name);
                        try (ResultSet row = statement.executeQuery()) {
                            return row.next()
                                    ? Optional.of(
                                            new Note(
                                                    row.getString(1),
                                                    row.getObject(2, OffsetDateTime.class)))
                                    : Optional.empty();
                        }
                    }
                });
    }

    void write(String name, String text) {
        run(WRITE, name, text);
    }

    /// A note is never taken away, so that it can be read once it could not be written.
    String once(String name, String text) {
        run(WRITE_ONCE, name, text);
        return read(name).orElseThrow().text();
    }

    private void run(String statement, String name, String text) {
        int _ =
                database.write(
                        open -> {
                            try (PreparedStatement prepared = open.prepareStatement(statement)) {
                                prepared.setString(1, name);
                                prepared.setString(2, text);
                                return prepared.executeUpdate();
                            }
                        });
    }
}
