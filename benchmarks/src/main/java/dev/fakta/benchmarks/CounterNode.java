// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.gateway.Fakta;

/// A node of the counters in a process of its own.
final class CounterNode {

    private CounterNode() {}

    public static void main(String[] args) {
        Fakta.run(args, Counter.MICROSYSTEM, _ -> {});
    }
}
