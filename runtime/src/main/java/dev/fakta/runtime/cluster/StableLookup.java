// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.Lookup;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits until a [Lookup] gives a list that a cluster can be founded by.
///
/// Such a list may be old, or differ from node to node while it changes; and a node which founds a
/// cluster by a list on which the others are not yet, founds a second one. So an answer counts when
/// it names enough nodes and has stayed the same for some seconds; and then [Seeds] still asks
/// every node on it.
final class StableLookup {

    /// How long an answer must stay the same.
    private static final Duration STABLE = Duration.ofSeconds(3);

    /// How long one that names too few must, before this node joins those that there are.
    private static final Duration FEW_STABLE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(StableLookup.class);

    private StableLookup() {}

    /// Waits for a good answer, sorted. When it names too few to found a cluster, some of which may
    /// be in one all the same, it is the others only: this node can join them then, and found none.
    ///
    /// @param self this node's address
    /// @throws IllegalStateException with the last reason when there was none in time
    static List<String> await(Lookup lookup, String self, int atLeast, Duration within) {
        long until = System.nanoTime() + within.toNanos();
        long since = System.nanoTime();
        long told = since - TimeUnit.MINUTES.toNanos(1);
        List<String> last = List.of();
        while (true) {
            @Nullable String fault = null;
            try {
                List<String> found = lookup.look().stream().distinct().sorted().toList();
                if (!found.equals(last)) {
                    since = System.nanoTime();
                }
                last = found;
                long stable = System.nanoTime() - since;
                if (found.size() >= atLeast) {
                    if (stable >= STABLE.toNanos()) {
                        return found;
                    }
                } else {
                    fault = "%s, not the %d that found a cluster".formatted(found, atLeast);
                    List<String> others = found.stream().filter(one -> !one.equals(self)).toList();
                    if (!others.isEmpty() && stable >= FEW_STABLE.toNanos()) {
                        return others;
                    }
                }
            } catch (IOException e) {
                last = List.of();
                fault = e.getMessage();
            }
            long now = System.nanoTime();
            if (now - until >= 0 || Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException(
                        "%s finds no cluster: %s"
                                .formatted(lookup, fault == null ? last + " changes" : fault));
            }
            if (fault != null && now - told >= TimeUnit.MINUTES.toNanos(1)) {
                LOG.warn(
                        "{} finds {}; this node looks again every second until it does",
                        lookup,
                        fault);
                told = now;
            }
            LockSupport.parkNanos(STABLE.toNanos() / 3);
        }
    }
}
