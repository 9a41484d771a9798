// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.util.List;

/// The loopback address for all, which cannot be cut.
final class Loopback implements Network {

    private static final String ADDRESS = "127.0.0.1";

    @Override
    public String host(int node) {
        return ADDRESS;
    }

    @Override
    public String outside() {
        return ADDRESS;
    }

    @Override
    public List<String> command(int node, List<String> command) {
        return command;
    }

    @Override
    public boolean canCut() {
        return false;
    }

    @Override
    public void cut(int from, int to) {
        throw new UnsupportedOperationException("nodes on loopback cannot be cut from each other");
    }

    @Override
    public void heal() {
        // nothing was cut
    }

    @Override
    public void close() {
        // nothing was made
    }
}
