// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.Courier;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.View;
import dev.fakta.log.LogException;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.NodeException;
import dev.fakta.runtime.SagaCounts;
import dev.fakta.runtime.SagaRow;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.core.ShapeCheck;
import dev.fakta.runtime.views.ViewSqlException;
import dev.fakta.runtime.views.ViewStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's sagas and couriers: runs some of them, and lists what all of them whose index it can
/// read have not ended. The counterpart of [dev.fakta.runtime.views.ViewHost], and like it not for
/// an actor's thread.
public final class SagaHost implements ShapeCheck.Unfinished, AutoCloseable {

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
        for (Courier courier : microsystems.couriers()) {
            owners.put(CourierIndex.view(courier).name(), microsystems.owner(courier).name());
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

    /// How many instances have not ended, as far as this node's index of the saga knows.
    @Override
    public String instances(String microsystem, String saga) {
        View index = SagaIndex.view(saga);
        return unfinished(
                "saga " + saga,
                "how many of its instances have not ended",
                index,
                microsystem,
                () -> said(SagaIndex.unfinished(store, index, MOST_UNFINISHED)));
    }

    /// How many errands are not done, as far as this node's index of the courier knows: those that
    /// went wrong or took long. What was called for in the last moments is not among them.
    @Override
    public String errands(String microsystem, String courier) {
        View index = CourierIndex.view(courier);
        return unfinished(
                "courier " + courier,
                "how many of its errands are not done",
                index,
                microsystem,
                () -> said(CourierIndex.unfinished(store, index)));
    }

    /// @param what the index tells
    private String unfinished(
            String whose, String what, View index, String microsystem, Supplier<String> said) {
        owners.put(index.name(), microsystem);
        try {
            return store.isMade(index)
                    ? said.get()
                    : "and this node has no index of it that tells " + what;
        } catch (ViewSqlException e) {
            LOG.warn("the index of {} cannot be read: {}", whose, e.getMessage());
            return "and its index, which tells %s, cannot be read now".formatted(what);
        }
    }

    private static String said(long errands) {
        return switch ((int) Math.min(errands, 2)) {
            case 0 -> "and none of its errands waits to be run again";
            case 1 -> "and 1 of its errands is not done, which would never be";
            default ->
                    "and %d of its errands are not done, which would never be".formatted(errands);
        };
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

    /// Says which sagas and couriers are a node's.
    @FunctionalInterface
    public interface Share {
        boolean has(String name, String microsystem);
    }

    /// Runs the sagas and couriers that are this node's, and no others.
    public synchronized void run(Share share, SagaSession.SagaTargets targets) {
        if (isClosed) {
            return;
        }
        for (Saga<?, ?> saga : microsystems.sagas()) {
            View index = SagaIndex.view(saga);
            if (share.has(saga.name(), owner(index))) {
                start(
                        saga.name(),
                        saga,
                        index,
                        (writer, holds) ->
                                new SagaSession(saga, parts, store, writer, targets, holds));
            } else {
                stop(saga.name());
            }
        }
        for (Courier courier : microsystems.couriers()) {
            View index = CourierIndex.view(courier);
            if (share.has(courier.name(), owner(index))) {
                start(
                        courier.name(),
                        courier,
                        index,
                        (writer, holds) ->
                                new CourierSession(courier, parts, store, writer, targets, holds));
            } else {
                stop(courier.name());
            }
        }
    }

    private String owner(View index) {
        return Objects.requireNonNull(owners.get(index.name()));
    }

    private void start(String name, Object what, View index, SagaRunner.Opening opening) {
        if (!runs(name)) {
            stop(name);
            LOG.debug("{} runs here from now on", what);
            runners.put(name, SagaRunner.start(what, index, parts, store, opening));
        }
    }

    private void stop(String name) {
        SagaRunner runner = runners.remove(name);
        if (runner != null) {
            runner.stop();
        }
    }

    /// Whether the saga or courier of this name runs here.
    public boolean runs(String name) {
        SagaRunner runner = runners.get(name);
        return runner != null && !runner.isFenced();
    }

    private boolean isReadable(String name, View index) {
        return (store.isShared() || runners.containsKey(name)) && store.isMade(index);
    }

    /// Instances that have not ended, in the order of their ids.
    ///
    /// @throws NodeException when this node cannot read the saga's index
    public List<SagaRow> list(
            Saga<?, ?> saga, SagaState.@Nullable Status status, String after, int limit) {
        return listed(
                saga.name(),
                SagaIndex.view(saga),
                () -> SagaIndex.list(store, saga, status, after, limit));
    }

    /// The errands of a courier that have gone wrong and are tried again, in the order of their
    /// ids.
    ///
    /// @throws NodeException when this node cannot read the courier's index
    public List<SagaRow> list(
            Courier courier, SagaState.@Nullable Status status, String after, int limit) {
        return listed(
                courier.name(),
                CourierIndex.view(courier),
                () -> CourierIndex.list(store, courier, status, after, limit));
    }

    /// The errand of a courier for an id, if it has gone wrong and is tried again.
    ///
    /// @throws NodeException when this node cannot read the courier's index
    public Optional<SagaRow> find(Courier courier, String id) {
        return listed(
                        courier.name(),
                        CourierIndex.view(courier),
                        () -> CourierIndex.find(store, courier, id))
                .stream()
                .findFirst();
    }

    private List<SagaRow> listed(String name, View index, Supplier<List<SagaRow>> rows) {
        try {
            if (!isReadable(name, index)) {
                throw new NodeException("this node has no index of " + name);
            }
            return rows.get();
        } catch (ViewSqlException e) {
            LOG.warn("{} cannot be listed: {}", name, e.getMessage()); // it has SQL in it
            throw new NodeException("the index of " + name + " cannot be read now");
        }
    }

    /// How much there is to do, of the sagas and couriers that this node can tell of; a second old
    /// at most.
    ///
    /// @throws LogException when the log cannot be asked
    public List<SagaCounts> counts() {
        Counted last = counted;
        if (System.nanoTime() - last.at < COUNTED_FOR_NANOS) {
            return last.counts;
        }
        List<SagaCounts> counts = new ArrayList<>();
        Instant late = parts.clock().instant().minus(LATE);
        Positions heads = parts.log().heads(); // once: each time may be a question to each database
        for (Saga<?, ?> saga : microsystems.sagas()) {
            count(
                    saga.name(),
                    SagaIndex.view(saga),
                    heads,
                    behind -> SagaIndex.counts(store, saga, late, behind),
                    counts);
        }
        for (Courier courier : microsystems.couriers()) {
            count(
                    courier.name(),
                    CourierIndex.view(courier),
                    heads,
                    behind -> CourierIndex.counts(store, courier, late, behind),
                    counts);
        }
        counted = new Counted(System.nanoTime(), counts);
        return counts;
    }

    private void count(
            String name,
            View index,
            Positions heads,
            LongFunction<SagaCounts> one,
            List<SagaCounts> counts) {
        try {
            if (isReadable(name, index)) {
                counts.add(one.apply(checkpoint(index).behind(heads)));
            }
        } catch (ViewSqlException e) {
            LOG.debug("{} cannot be counted", name, e);
        }
    }

    private Positions checkpoint(View index) {
        List<String> positions =
                store.rows(index, "select positions from fakta_view", row -> row.text("positions"));
        Positions start = Positions.start(parts.log().partitions());
        return positions.isEmpty() ? start : start.merge(Positions.parse(positions.getFirst()));
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
            List.copyOf(runners.keySet()).forEach(this::stop);
        }
        store.close();
    }
}
