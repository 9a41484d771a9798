// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

/// What one order costs, measured. Times are CPU time in microseconds, `commit` but for one.
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
        double networkBytes) {

    /// The share of orders whose partition is on another node than their request.
    static double remoteShare(int nodes) {
        return 1 - 1.0 / nodes;
    }

    /// CPU time of an order on all nodes with gateway, processor and aggregate together.
    double onNodes(int nodes) {
        double remote = remoteShare(nodes);
        return (1 - remote) * local + remote * (caller + owner) + (nodes > 1 ? passive : 0);
    }

    /// Orders per second that the CPUs of so many nodes can carry, when the rest does not limit.
    ///
    /// @param cores of each node
    double rate(int nodes, double cores) {
        return nodes * cores * 1e6 / onNodes(nodes);
    }
}
