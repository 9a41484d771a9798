// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

/// Which partitions of a [RangedLog] one database holds.
///
/// @param first its first partition
/// @param last its last one, which may be the same
/// @param database how it is reached; [PostgresLogSettings#partitions] counts those of the whole
///   log
public record DatabaseRange(int first, int last, PostgresLogSettings database) {

    DatabaseRange inSchema(String schema) {
        return new DatabaseRange(first, last, database.withSchema(schema));
    }

    boolean holds(int partition) {
        return partition >= first && partition <= last;
    }

    /// The place of the database, for messages.
    String place() {
        return PostgresLogSettings.place(database.url());
    }

    /// Leaves out what a URL may hold in secret.
    @Override
    public String toString() {
        return "%d-%d=%s".formatted(first, last, place());
    }
}
