// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// What a cluster and its two databases have used up to now.
///
/// @param nodes CPU microseconds of each node
/// @param log CPU microseconds of the log's server, `views` of the views'
/// @param forces how often the log's server has forced its log to disk, in `forceMicros` altogether
record CapacityMeter(
        List<Long> nodes,
        long log,
        long views,
        long walBytes,
        long storedBytes,
        long networkBytes,
        long forces,
        long forceMicros,
        long orders) {

    private static final String WAL = "select (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint";
    private static final String STORED = "select pg_total_relation_size('orders.event')";
    private static final String FORCES =
            "select coalesce(sum(fsyncs), 0)::bigint from pg_stat_io where object = 'wal'";
    private static final String FORCE_MICROS =
            "select (1000 * coalesce(sum(fsync_time), 0))::bigint from pg_stat_io where object = 'wal'";
    private static final String ORDERS =
            "select count(*) from orders.event where name = 'order-created'";

    /// @param name of both databases
    static CapacityMeter read(CapacityCluster cluster, Database log, Database views, String name)
            throws IOException, SQLException {
        List<Long> nodes = new ArrayList<>();
        for (long pid : cluster.pids()) {
            nodes.add(Cores.usedMicros(pid));
        }
        long logCpu = Cores.usedMicros(log.pid()); // before this looks into it
        return new CapacityMeter(
                nodes,
                logCpu,
                Cores.usedMicros(views.pid()),
                log.number(name, WAL),
                log.number(name, STORED),
                loopback(),
                log.number(name, FORCES),
                log.number(name, FORCE_MICROS),
                log.number(name, ORDERS));
    }

    /// Bytes that went over the loopback device, of all processes of the machine.
    private static long loopback() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/net/dev"))) {
            String[] fields = line.strip().split("\\s+", -1);
            if (fields[0].equals("lo:")) {
                return Long.parseLong(fields[1]);
            }
        }
        throw new IOException("there is no loopback device");
    }

    /// What was used since an earlier reading.
    CapacityMeter since(CapacityMeter before) {
        List<Long> used = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            used.add(nodes.get(i) - before.nodes.get(i));
        }
        return new CapacityMeter(
                used,
                log - before.log,
                views - before.views,
                walBytes - before.walBytes,
                storedBytes - before.storedBytes,
                networkBytes - before.networkBytes,
                forces - before.forces,
                forceMicros - before.forceMicros,
                orders - before.orders);
    }

    double node(int number) {
        return perOrder(nodes.get(number));
    }

    /// Of the log's server, for an order.
    double commits() {
        return perOrder(forces);
    }

    double perOrder(long used) {
        return (double) used / orders;
    }
}
