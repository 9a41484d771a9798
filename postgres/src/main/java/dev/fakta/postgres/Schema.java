// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The tables, made and brought up to date by the program, in one transaction under an advisory
/// lock, so that of many processes that start at once one does it and the others find it done.
///
/// - `event`: all records of all partitions. A row with a `node` is a claim; every other row is an
///   event. `epoch` is that of the claim under which the row was written. The primary key is the
///   fence. Rows are never changed and never removed: a trigger refuses it.
/// - `payload` holds a payload that is text, as JSON always is, and can be read with plain SQL
///   (`payload::jsonb ->> 'orderId'`); `payload_bytes` holds any other, byte by byte. `json` and
///   `jsonb` columns would not do: bytes must come back as they were given, and `jsonb` orders
///   keys, while both cost a parse for each event.
/// - `hybrid_time` is milliseconds since 1970 times 65,536 plus a counter:
///   `to_timestamp((hybrid_time >> 16) / 1000.0)`.
/// - `snapshot`: the newest one of each stream.
/// - `note`: texts about the log that are no events, see `EventLog.note`.
/// - `fakta_log`: the format, the number of partitions, and which of them are here ([HeldRange]).
final class Schema {

    /// Key of the advisory lock: "fakta" in ASCII.
    static final long LOCK = 0x66616b7461L;

    private static final String LOCK_IT = "select pg_advisory_xact_lock(?)";
    private static final String ENCODING = "show server_encoding";
    private static final String FIND = "select to_regclass('fakta_log') is not null";
    private static final String FORMAT = "select format from fakta_log";
    private static final String READ =
            "select log, partitions, first_partition, last_partition, is_complete from fakta_log";

    /// When the connection is for one schema ([PostgresLogSettings#withSchema]) that is not there.
    private static final String CREATE_SCHEMA =
            """
            do $$ begin
              if current_schema() is null then
                execute 'create schema ' || current_setting('search_path');
              end if;
            end $$
            """;

    private static final String CREATE =
            """
            create table fakta_log (
              is_one boolean primary key default true check (is_one),
              format int not null,
              partitions int not null)
            """;
    private static final String BEGIN = "insert into fakta_log (format, partitions) values (0, ?)";
    private static final String MOVE = "update fakta_log set format = ?";
    private static final String HOLD =
            """
            update fakta_log
            set log = ?, first_partition = ?, last_partition = ?, is_complete = ?
            """;
    private static final String COMPLETE = "update fakta_log set is_complete = true";

    /// The first migration leads from format 0 to 1, and so on. One that is out is never changed.
    private static final List<String> MIGRATIONS =
            List.of(
                    """
                    create table event (
                      partition_no int not null,
                      "offset" bigint not null,
                      epoch bigint not null,
                      node text,
                      stream text collate "C",
                      revision bigint,
                      name text,
                      schema_version int,
                      payload text,
                      payload_bytes bytea,
                      event_id uuid,
                      command_id uuid,
                      command_hash bigint,
                      correlation_id uuid,
                      causation_id uuid,
                      actor text,
                      trace_parent text,
                      hybrid_time bigint not null,
                      constraint event_key primary key (partition_no, "offset"),
                      constraint event_revision unique (stream, revision),
                      check ((node is null) = (stream is not null)));
                    create table snapshot (
                      stream text collate "C" primary key,
                      revision bigint not null,
                      payload bytea not null);
                    create function event_is_history() returns trigger language plpgsql as
                      $$ begin raise exception 'events are never changed or removed'; end $$;
                    create trigger event_is_history before update or delete or truncate on event
                      for each statement execute function event_is_history();
                    """,
                    """
                    alter table fakta_log
                      add log uuid not null default gen_random_uuid(),
                      add first_partition int not null default 0,
                      add last_partition int,
                      add is_complete boolean not null default true;
                    update fakta_log set last_partition = partitions - 1;
                    alter table fakta_log alter last_partition set not null;
                    """,
                    """
                    create table note (
                      name text collate "C" primary key,
                      text text not null,
                      written_at timestamptz not null);
                    """);

    private Schema() {}

    /// Makes what is missing, and brings what is there up to date.
    ///
    /// @param wanted what a database without a log gets
    /// @return what it holds
    /// @throws LogException `UNAVAILABLE` when a newer program has brought the log to a format that
    ///   this one does not know, or the database is not in UTF-8
    static HeldRange found(Connection connection, String place, HeldRange wanted)
            throws SQLException {
        return locked(
                connection,
                statement -> {
                    failIfNotUnicode(statement, place);
                    if (isThere(statement)) {
                        migrate(statement, place);
                    } else {
                        make(statement, place, wanted);
                    }
                    return read(statement, place);
                });
    }

    /// Makes a log in a database that has none, in the caller's transaction.
    ///
    /// @throws IllegalArgumentException when it has one
    static void make(Connection connection, String place, HeldRange wanted) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            failIfNotUnicode(statement, place);
            if (isThere(statement)) {
                throw new IllegalArgumentException(
                        place + " holds a log already: name an empty database");
            }
            make(statement, place, wanted);
        }
    }

    private static void make(Statement statement, String place, HeldRange wanted)
            throws SQLException {
        statement.execute(CREATE_SCHEMA);
        statement.execute(CREATE);
        run(statement.getConnection(), BEGIN, wanted.partitions());
        migrate(statement, place);
        hold(statement.getConnection(), wanted);
    }

    /// Brings what is there up to date; makes nothing.
    ///
    /// @return what it holds; empty when there is no log
    /// @throws LogException as in [#found]
    static Optional<HeldRange> look(Connection connection, String place) throws SQLException {
        return locked(
                connection,
                statement -> {
                    if (!isThere(statement)) {
                        return Optional.empty();
                    }
                    migrate(statement, place);
                    return Optional.of(read(statement, place));
                });
    }

    /// Notes that all databases of the log were made.
    static void complete(Connection connection) throws SQLException {
        int _ = locked(connection, statement -> statement.executeUpdate(COMPLETE));
    }

    /// Changes what it holds, in the caller's transaction.
    static void hold(Connection connection, HeldRange held) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HOLD)) {
            statement.setObject(1, held.log());
            statement.setInt(2, held.first());
            statement.setInt(3, held.last());
            statement.setBoolean(4, held.isComplete());
            statement.executeUpdate();
        }
    }

    interface Work<T> {
        T run(Statement statement) throws SQLException;
    }

    static <T> T locked(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement lock = connection.prepareStatement(LOCK_IT);
                Statement statement = connection.createStatement()) {
            lock.setLong(1, LOCK);
            lock.execute();
            T result = work.run(statement);
            connection.commit();
            return result;
        }
    }

    private static void migrate(Statement statement, String place) throws SQLException {
        int format;
        try (ResultSet row = statement.executeQuery(FORMAT)) {
            if (!row.next()) {
                throw empty(place);
            }
            format = row.getInt(1);
        }
        if (format > MIGRATIONS.size()) {
            throw new LogException(
                    Category.UNAVAILABLE,
                    "the log in %s has format %d; this program knows %d: run a newer one"
                            .formatted(place, format, MIGRATIONS.size()));
        }
        for (int from = format; from < MIGRATIONS.size(); from++) {
            statement.execute(MIGRATIONS.get(from));
            run(statement.getConnection(), MOVE, from + 1);
        }
    }

    private static HeldRange read(Statement statement, String place) throws SQLException {
        try (ResultSet row = statement.executeQuery(READ)) {
            if (!row.next()) {
                throw empty(place);
            }
            return new HeldRange(
                    row.getObject(1, UUID.class),
                    row.getInt(2),
                    row.getInt(3),
                    row.getInt(4),
                    row.getBoolean(5));
        }
    }

    private static LogException empty(String place) {
        return new LogException(
                Category.CORRUPT, "table fakta_log of %s is empty".formatted(place));
    }

    private static void failIfNotUnicode(Statement statement, String place) throws SQLException {
        try (ResultSet row = statement.executeQuery(ENCODING)) {
            if (!row.next() || !row.getString(1).equals("UTF8")) {
                throw new LogException(
                        Category.UNAVAILABLE,
                        "database %s is not in UTF-8: create one that is".formatted(place));
            }
        }
    }

    private static boolean isThere(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(FIND)) {
            return row.next() && row.getBoolean(1);
        }
    }

    private static void run(Connection connection, String sql, int value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, value);
            statement.execute();
        }
    }
}
