// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.util.List;

/// What lies between the nodes. Nodes are numbered from 0.
interface Network extends AutoCloseable {

    /// The address that a node serves at.
    String host(int node);

    /// The address at which nodes find this process.
    String outside();

    /// A command line that runs a command where the node is.
    List<String> command(int node, List<String> command);

    /// Whether nodes can be cut from each other here.
    boolean canCut();

    /// From now on nothing that one node sends reaches the other, and neither is told.
    void cut(int from, int to);

    /// Undoes all cuts.
    void heal();

    @Override
    void close();
}
