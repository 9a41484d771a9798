// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

/// How many machines a rate of orders needs: the formula of `docs/operating/capacity.md`.
///
/// @param nodes with gateway, processor and aggregate; one of them can be lost
/// @param databases of the log
/// @param viewCores CPU cores that apply the events to views, and as many databases' as
///   `viewDatabaseCores`
/// @param walBytesPerSecond of one database of the log
/// @param storedBytesPerDay of all databases of the log
/// @param networkBytesPerSecond of one node
record CapacityPlan(
        int nodes,
        int databases,
        double viewCores,
        double viewDatabaseCores,
        double walBytesPerSecond,
        double storedBytesPerDay,
        double networkBytesPerSecond) {

    private static final int FEWEST_NODES = 3; // a majority is left when one is lost
    private static final int MOST_NODES = 1_000_000;
    private static final double GATHER_SECONDS = 0.02; // for a commit, when a database is busy
    private static final double SECONDS_PER_DAY = 86_400;

    /// One machine, of nodes and databases alike.
    ///
    /// @param cores CPU cores
    /// @param utilization how busy they may be, 0 to 1; the rest is for waiting times to stay short
    /// @param writeBytesPerSecond what its disk takes
    record Machine(double cores, double utilization, double writeBytesPerSecond) {
        Machine {
            if (!(cores > 0) || !(utilization > 0 && utilization <= 1)) {
                throw new IllegalArgumentException(
                        "cores: more than 0; utilization: more than 0, at most 1");
            }
        }

        double usable() {
            return cores * utilization;
        }
    }

    /// @param rate orders per second
    static CapacityPlan of(double rate, OrderCosts costs, Machine machine) {
        int databases = 1;
        int nodes = nodes(rate, costs, machine, databases);
        while (!carries(rate, costs, machine, nodes, databases)) {
            databases++;
            nodes = nodes(rate, costs, machine, databases);
        }
        return new CapacityPlan(
                nodes,
                databases,
                rate * costs.view() / 1e6 / machine.utilization(),
                rate * costs.viewDatabase() / 1e6 / machine.utilization(),
                rate * costs.walBytes() / databases,
                rate * costs.storedBytes() * SECONDS_PER_DAY,
                rate * costs.networkBytes() / nodes);
    }

    /// Whether so many databases of the log stay within the utilization when one node is lost. The
    /// others' writers use one core each.
    private static boolean carries(
            double rate, OrderCosts costs, Machine machine, int nodes, int databases) {
        double each = rate / databases;
        double cores = Math.min(machine.cores(), nodes - 1.0);
        return each * costs.inLog(shared(rate, nodes - 1, databases))
                        <= machine.utilization() * cores * 1e6
                && each * costs.walBytes() <= machine.utilization() * machine.writeBytesPerSecond();
    }

    /// The fewest of which one can be lost while the others stay within the utilization.
    private static int nodes(double rate, OrderCosts costs, Machine machine, int databases) {
        for (int nodes = FEWEST_NODES; nodes < MOST_NODES; nodes++) {
            int left = nodes - 1;
            double micros = rate * costs.onNodes(left, shared(rate, left, databases));
            if (micros <= left * machine.usable() * 1e6) {
                return nodes;
            }
        }
        throw new IllegalArgumentException("no cluster carries %,.0f orders/s".formatted(rate));
    }

    private static double shared(double rate, int nodes, int databases) {
        return OrderCosts.shared(rate / nodes, databases, GATHER_SECONDS);
    }
}
