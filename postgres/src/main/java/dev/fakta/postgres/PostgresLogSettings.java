// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.engine.PartitionCount;
import dev.fakta.log.engine.Problems;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/// How a [PostgresLog] reaches its database. A password stands in the URL or, better, in the
/// environment (`PGPASSWORD`); it is never logged, and [#toString] leaves it out.
///
/// @param url the primary's JDBC URL; several hosts are tried until one is found that can write
/// @param replicaUrl the JDBC URL that readers of [PostgresLog#reader] use; null for the primary. A
///   replica may lag: a reader sees a record later, never a gap
/// @param partitions fixed when the log is created, 1 to 4096
/// @param readConnections how many reads of this log run at the same time, of each database
/// @param batchBytes how many bytes of waiting requests go into one commit
/// @param queueBytes how many bytes of requests may wait; an append beyond that fails `UNAVAILABLE`
///   at once
/// @param commitLimit how long an append waits for its turn, and then again for its commit, before
///   it fails; a lost connection is replaced within it
/// @param readLimit how long a read waits for a connection, and then again for its answer
/// @param poll how often a waiting reader looks by itself, for the case that a notification is lost
public record PostgresLogSettings(
        String url,
        @Nullable String replicaUrl,
        int partitions,
        int readConnections,
        int batchBytes,
        int queueBytes,
        Duration commitLimit,
        Duration readLimit,
        Duration poll) {

    private static final int MIB = 1 << 20;
    private static final int READS_IN_SCHEMA = 4; // there are others on the same server
    private static final int SMALLEST_QUEUE = 8 * MIB; // so that the largest event fits
    private static final Duration LEAST = Duration.ofMillis(250); // of what HikariCP takes
    private static final Duration MOST = Duration.ofMinutes(5);

    public PostgresLogSettings {
        Problems problems = new Problems();
        checkUrl(problems, "url", url);
        if (replicaUrl != null) {
            checkUrl(problems, "replica-url", replicaUrl);
        }
        problems.check("partitions", partitions, 1, PartitionCount.MOST);
        problems.check("read-connections", readConnections, 1, 1000);
        problems.check("batch-bytes", batchBytes, 1, 64 * MIB);
        problems.check("queue-bytes", queueBytes, SMALLEST_QUEUE, 1 << 30);
        problems.check("commit-limit", commitLimit, LEAST, MOST);
        problems.check("read-limit", readLimit, LEAST, MOST);
        problems.check("poll", poll, Duration.ofMillis(1), MOST);
        problems.failIfAny();
    }

    /// 64 partitions, 8 connections for reads, commits of 1 MiB, 16 MiB may wait, 4 s for a commit
    /// and for a read, a look each second.
    public static PostgresLogSettings of(String url) {
        Duration limit = Duration.ofSeconds(4);
        return new PostgresLogSettings(
                url, null, 64, 8, MIB, 16 * MIB, limit, limit, Duration.ofSeconds(1));
    }

    public PostgresLogSettings withReplica(String otherUrl) {
        return new PostgresLogSettings(
                url,
                otherUrl,
                partitions,
                readConnections,
                batchBytes,
                queueBytes,
                commitLimit,
                readLimit,
                poll);
    }

    public PostgresLogSettings withPartitions(int number) {
        return new PostgresLogSettings(
                url,
                replicaUrl,
                number,
                readConnections,
                batchBytes,
                queueBytes,
                commitLimit,
                readLimit,
                poll);
    }

    /// Settings for a log with tables in a schema of its own, which is made when it is not there.
    /// Logs in different schemas share nothing but the server.
    ///
    /// @throws IllegalArgumentException when the URL names a schema already
    public PostgresLogSettings withSchema(String schema) {
        return new PostgresLogSettings(
                inSchema(url, schema),
                replicaUrl == null ? null : inSchema(replicaUrl, schema),
                partitions,
                READS_IN_SCHEMA,
                batchBytes,
                queueBytes,
                commitLimit,
                readLimit,
                poll);
    }

    private static String inSchema(String url, String schema) {
        if (schema(url) != null) {
            throw new IllegalArgumentException(
                    "url: no currentSchema, as each microsystem has its own");
        }
        return "%s%scurrentSchema=%%22%s%%22".formatted(url, url.contains("?") ? "&" : "?", schema);
    }

    /// The schema that a URL names; null when it names none.
    static @Nullable String schema(String url) {
        Properties parsed = Driver.parseURL(url, null);
        String given =
                parsed == null ? null : parsed.getProperty(PGProperty.CURRENT_SCHEMA.getName());
        return given == null ? null : given.replace("\"", "");
    }

    public PostgresLogSettings withBatchBytes(int bytes) {
        return new PostgresLogSettings(
                url,
                replicaUrl,
                partitions,
                readConnections,
                bytes,
                queueBytes,
                commitLimit,
                readLimit,
                poll);
    }

    public PostgresLogSettings withLimits(Duration commit, Duration read) {
        return new PostgresLogSettings(
                url,
                replicaUrl,
                partitions,
                readConnections,
                batchBytes,
                queueBytes,
                commit,
                read,
                poll);
    }

    public PostgresLogSettings withPoll(Duration every) {
        return new PostgresLogSettings(
                url,
                replicaUrl,
                partitions,
                readConnections,
                batchBytes,
                queueBytes,
                commitLimit,
                readLimit,
                every);
    }

    /// Leaves out what a URL may hold in secret.
    @Override
    public String toString() {
        return "PostgresLogSettings[url=%s, replica-url=%s, partitions=%d]"
                .formatted(place(url), replicaUrl == null ? "none" : place(replicaUrl), partitions);
    }

    /// Host, port and database of a URL, and its schema if it names one, for messages.
    static String place(String url) {
        Properties parsed = Driver.parseURL(url, null);
        if (parsed == null) {
            return "(no PostgreSQL URL)";
        }
        String hosts = PGProperty.PG_HOST.getOrDefault(parsed);
        String schema = schema(url);
        return "%s:%s/%s%s"
                .formatted(
                        hosts == null ? "" : hosts.substring(hosts.lastIndexOf('@') + 1),
                        PGProperty.PG_PORT.getOrDefault(parsed),
                        PGProperty.PG_DBNAME.getOrDefault(parsed),
                        schema == null ? "" : " schema " + schema);
    }

    private static void checkUrl(Problems problems, String key, String url) {
        if (Driver.parseURL(url, null) == null) {
            problems.add(key + " is not of the form jdbc:postgresql://HOST:PORT/DATABASE");
        }
    }
}
