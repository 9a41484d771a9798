// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

/// What one order costs, measured. Times are CPU time in microseconds, `commit` but for one. What
/// comes with a commit, however many orders share it, is in [PerCommit] and not here.
///
/// @param local on the one node that an order meets when its partition is there
/// @param caller on the node that takes the request, when the partition is on another: gateway and
///   processor
/// @param owner on that other one: the aggregate
/// @param passive on the node that keeps the passive copy
/// @param view on the node that runs the view
/// @param log in the server of the log
/// @param viewDatabase in the server of the views
/// @param commit how long a commit of the log takes to reach the disk, in microseconds; no CPU
/// @param walBytes what the log's server writes ahead
/// @param storedBytes what stays: rows and indexes
/// @param networkBytes what all sockets together carry
record OrderCosts(
        double local,
        double caller,
        double owner,
        double passive,
        double view,
        double log,
        double viewDatabase,
        double commit,
        double walBytes,
        double storedBytes,
        double networkBytes,
        PerCommit perCommit) {

    /// What one commit of the log costs.
    ///
    /// @param node on the node that commits
    /// @param other on a node with an order in it, which hears of it and gets an answer
    /// @param log in the server of the log
    record PerCommit(double node, double other, double log) {
        static final PerCommit NOTHING = new PerCommit(0, 0, 0);
    }

    OrderCosts with(PerCommit other) {
        return new OrderCosts(
                local,
                caller,
                owner,
                passive,
                view,
                log,
                viewDatabase,
                commit,
                walBytes,
                storedBytes,
                networkBytes,
                other);
    }

    /// The share of orders whose partition is on another node than their request.
    static double remoteShare(int nodes) {
        return 1 - 1.0 / nodes;
    }

    /// CPU time of an order on all nodes with gateway, processor and aggregate together.
    ///
    /// @param shared orders in a commit
    double onNodes(int nodes, double shared) {
        double remote = remoteShare(nodes);
        double others = Math.min(remote * shared, nodes - 1.0);
        return (1 - remote) * local
                + remote * (caller + owner)
                + (nodes > 1 ? passive : 0)
                + (perCommit.node + others * perCommit.other) / shared;
    }

    /// CPU time of an order in the server of the log.
    double inLog(double shared) {
        return log + perCommit.log / shared;
    }

    /// Orders that share a commit: a node has one on its way to each database, and while it is the
    /// next orders gather.
    ///
    /// @param rate of the node
    /// @param seconds from one commit to the next
    static double shared(double rate, int databases, double seconds) {
        return Math.max(1, rate / databases * seconds);
    }

    /// Orders per second that the CPUs of so many nodes can carry, when the rest does not limit.
    ///
    /// @param cores of each node
    double rate(int nodes, double cores, double shared) {
        return nodes * cores * 1e6 / onNodes(nodes, shared);
    }
}
