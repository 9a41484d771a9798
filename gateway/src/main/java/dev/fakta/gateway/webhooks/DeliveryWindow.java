// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway.webhooks;

import dev.fakta.log.Positions;
import java.util.TreeMap;
import java.util.TreeSet;

/// What was read of the log for a subscription and is not settled yet: delivered or given up.
/// Messages are settled in any order; whoever goes on from [#settled] lacks none that was not. For
/// one thread.
public final class DeliveryWindow {

    private final TreeMap<Integer, TreeSet<Long>> open = new TreeMap<>();
    private Positions read;
    private long bytes;
    private int count;

    /// @param after up to where everything is settled
    public DeliveryWindow(Positions after) {
        this.read = after;
    }

    /// A message that has to be delivered.
    ///
    /// @param size of it, in bytes
    public void add(int partition, long offset, int size) {
        open.computeIfAbsent(partition, _ -> new TreeSet<>()).add(offset);
        read = read.merge(Positions.of(partition, offset));
        bytes += size;
        count++;
    }

    /// Says that everything up to here was read, and that what is not open needs no delivery.
    public void readUpTo(Positions positions) {
        read = read.merge(positions);
    }

    /// A message that was added is settled.
    public void settle(int partition, long offset, int size) {
        TreeSet<Long> offsets = open.get(partition);
        if (offsets == null || !offsets.remove(offset)) {
            throw new IllegalStateException(
                    "%d.%d is settled, and was not open".formatted(partition, offset));
        }
        if (offsets.isEmpty()) {
            open.remove(partition);
        }
        bytes -= size;
        count--;
    }

    /// Up to where everything is settled.
    public Positions settled() {
        Positions settled = read;
        for (var partition : open.entrySet()) {
            settled = settled.with(partition.getKey(), partition.getValue().first() - 1);
        }
        return settled;
    }

    /// How many bytes the open messages have.
    public long bytes() {
        return bytes;
    }

    /// How many messages are open.
    public int count() {
        return count;
    }
}
