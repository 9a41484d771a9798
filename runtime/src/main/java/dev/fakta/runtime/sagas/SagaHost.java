// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.View;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.NodeException;
import dev.fakta.runtime.SagaCounts;
import dev.fakta.runtime.SagaRow;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.views.ViewSqlException;
import dev.fakta.runtime.views.ViewStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's sagas: runs some of them, and lists the instances of all whose index it can read. The
/// counterpart of [dev.fakta.runtime.views.ViewHost], and like it not for an actor's thread.
public final class SagaHost implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SagaHost.class);
    private static final Duration LATE = Duration.ofSeconds(1);
    private static final long COUNTED_FOR_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_UNFINISHED = 1_000;

    private final Microsystems microsystems;
    private final NodeParts parts;
    private final Map<String, String> owners = new ConcurrentHashMap<>();
    private final ViewStore store;
    private final Map<String, SagaRunner> runners = new ConcurrentHashMap<>();
    private volatile Counted counted =
            new Counted(System.nanoTime() - COUNTED_FOR_NANOS, List.of());
    private boolean isClosed;

    private record Counted(long at, List<SagaCounts> counts) {}

    /// @throws IllegalStateException when instances that are live need what this program has not
    public SagaHost(Microsystems microsystems, NodeParts parts) {
        this.microsystems = microsystems;
        this.parts = parts;
        for (Saga<?, ?> saga : microsystems.sagas()) {
            owners.put(SagaIndex.view(saga).name(), microsystems.owner(saga).name());
        }
        this.store =
                ViewStore.open(
                        parts.settings(),
                        index -> Objects.requireNonNull(owners.get(index.name())));
        try {
            check();
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void check() {
        SagaCheck check = new SagaCheck(microsystems);
        for (Saga<?, ?> saga : microsystems.sagas()) {
            try {
                store.refuseOtherTables(SagaIndex.view(saga));
                if (store.isMade(SagaIndex.view(saga))) {
                    check.refuseUnknown(saga, SagaIndex.uses(store, SagaIndex.view(saga)));
                }
            } catch (ViewSqlException e) {
                LOG.warn(
                        "{} is not checked, as its index cannot be read: {}", saga, e.getMessage());
            }
        }
    }

    /// How many instances of a saga that the program does not have have not ended, as far as this
    /// node's index of it knows: see [dev.fakta.runtime.core.ShapeCheck.Unfinished].
    public String unfinished(String microsystem, String saga) {
        View index = SagaIndex.view(saga);
        owners.put(index.name(), microsystem);
        try {
            if (!store.isMade(index)) {
                return "and this node has no index of it that tells how many of its instances have not ended";
            }
            return said(SagaIndex.unfinished(store, index, MOST_UNFINISHED));
        } catch (ViewSqlException e) {
            LOG.warn("the index of saga {} cannot be read: {}", saga, e.getMessage());
            return "and its index, which tells how many of its instances have not ended, cannot be read now";
        }
    }

    private static String said(Map<SagaState.Status, Long> counts) {
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        if (all == 0) {
            return "and all of its instances have ended";
        }
        String parts =
                counts.entrySet().stream()
                        .map(
                                one ->
                                        one.getValue()
                                                + " "
                                                + one.getKey().name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
        return all < MOST_UNFINISHED
                ? "and %d of its instances have not ended (%s), which would stop where they are"
                        .formatted(all, parts)
                : "and 1,000 or more of its instances have not ended, which would stop where they are";
    }

    /// Runs the sagas that are this node's, and no others.
    public synchronized void run(Predicate<Saga<?, ?>> isMine, SagaSession.SagaTargets targets) {
        for (Saga<?, ?> saga : isClosed ? List.<Saga<?, ?>>of() : microsystems.sagas()) {
            if (isMine.test(saga)) {
                start(saga, targets);
            } else {
                stop(saga);
            }
        }
    }

    private void start(Saga<?, ?> saga, SagaSession.SagaTargets targets) {
        if (!runs(saga)) {
            stop(saga);
            LOG.debug("{} runs here from now on", saga);
            runners.put(saga.name(), SagaRunner.start(saga, parts, store, targets));
        }
    }

    private void stop(Saga<?, ?> saga) {
        SagaRunner runner = runners.remove(saga.name());
        if (runner != null) {
            runner.stop();
        }
    }

    public boolean runs(Saga<?, ?> saga) {
        SagaRunner runner = runners.get(saga.name());
        return runner != null && !runner.isFenced();
    }

    private boolean isReadable(Saga<?, ?> saga) {
        return (store.isShared() || runners.containsKey(saga.name()))
                && store.isMade(SagaIndex.view(saga));
    }

    /// Instances that have not ended, in the order of their ids.
    ///
    /// @throws NodeException when this node cannot read the saga's index
    public List<SagaRow> list(
            Saga<?, ?> saga, SagaState.@Nullable Status status, String after, int limit) {
        try {
            if (!isReadable(saga)) {
                throw new NodeException("this node has no index of " + saga);
            }
            return SagaIndex.list(store, saga, status, after, limit);
        } catch (ViewSqlException e) {
            LOG.warn("{} cannot be listed: {}", saga, e.getMessage()); // it has SQL in it
            throw new NodeException("the index of " + saga + " cannot be read now");
        }
    }

    /// How many there are, of those sagas that this node can tell of; a second old at most.
    public List<SagaCounts> counts() {
        Counted last = counted;
        if (System.nanoTime() - last.at < COUNTED_FOR_NANOS) {
            return last.counts;
        }
        List<SagaCounts> counts = new ArrayList<>();
        for (Saga<?, ?> saga : microsystems.sagas()) {
            try {
                if (isReadable(saga)) {
                    counts.add(SagaIndex.counts(store, saga, parts.clock().instant().minus(LATE)));
                }
            } catch (ViewSqlException e) {
                LOG.debug("{} cannot be counted", saga, e);
            }
        }
        counted = new Counted(System.nanoTime(), counts);
        return counts;
    }

    /// Whether all threads of the sagas that run here do.
    public boolean isWell() {
        return runners.values().stream().allMatch(SagaRunner::isWell);
    }

    /// Ends all of it, before the node gives up its partitions.
    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
            runners.values().forEach(SagaRunner::beginStop); // all, before the first is waited for
            microsystems.sagas().forEach(this::stop);
        }
        store.close();
    }
}
