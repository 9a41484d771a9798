// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Courier;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.Subscription;
import dev.fakta.domain.View;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.NodeException;
import dev.fakta.runtime.SagaCounts;
import dev.fakta.runtime.SagaRow;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.core.ShapeCheck;
import dev.fakta.views.engine.ViewSqlException;
import dev.fakta.views.engine.ViewStore;
import dev.fakta.views.engine.ViewWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node's sagas, couriers and alarm clocks: runs some of them, and lists what all of them whose
/// index it can read have not ended. The counterpart of [dev.fakta.views.engine.ViewHost], and like
/// it not for an actor's thread.
public final class SagaHost implements ShapeCheck.Unfinished, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SagaHost.class);
    private static final Duration LATE = Duration.ofSeconds(1);
    private static final long COUNTED_FOR_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_UNFINISHED = 1_000;

    private final Microsystems microsystems;
    private final NodeParts parts;
    private final Map<String, String> owners = new ConcurrentHashMap<>();
    private final ViewStore store;
    private final Map<String, Follower> followers = new LinkedHashMap<>();
    private final Map<String, SagaRunner> runners = new ConcurrentHashMap<>();
    private final Set<String> made = ConcurrentHashMap.newKeySet();
    private volatile Counted counted =
            new Counted(System.nanoTime() - COUNTED_FOR_NANOS, List.of());
    private boolean isClosed;

    private record Counted(long at, List<SagaCounts> counts) {}

    /// What follows the log and acts: a saga, a courier, an alarm clock or a subscription.
    private record Follower(
            Object what,
            String name,
            View index,
            Open open,
            Listing list,
            Finding find,
            Counting count) {}

    @FunctionalInterface
    private interface Open {
        SagaRunner.Session open(
                ViewWriter writer, SagaSession.SagaTargets targets, SagaHolds holds);
    }

    @FunctionalInterface
    private interface Listing {
        List<SagaRow> list(SagaState.@Nullable Status status, String after, int limit);
    }

    @FunctionalInterface
    private interface Finding {
        List<SagaRow> find(String id);
    }

    @FunctionalInterface
    private interface Counting {
        SagaCounts count(Instant late, ToLongFunction<@Nullable Positions> behind);
    }

    /// @throws IllegalStateException when instances that are live need what this program has not
    public SagaHost(Microsystems microsystems, NodeParts parts) {
        this.microsystems = microsystems;
        this.parts = parts;
        microsystems.sagas().forEach(this::add);
        microsystems.couriers().forEach(this::add);
        microsystems.clocks().forEach(this::add);
        microsystems.subscriptions().forEach(this::add);
        this.store =
                ViewStore.open(
                        parts.settings().views(),
                        parts.settings().name(),
                        index -> Objects.requireNonNull(owners.get(index.name())));
        try {
            check();
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void add(Saga<?, ?> saga) {
        View index = SagaIndex.view(saga);
        add(
                new Follower(
                        saga,
                        saga.name(),
                        index,
                        (writer, targets, holds) ->
                                new SagaSession(saga, parts, store, writer, targets, holds),
                        (status, after, limit) -> SagaIndex.list(store, saga, status, after, limit),
                        _ -> List.of(), // an instance is found by its stream
                        (late, behind) -> SagaIndex.counts(store, saga, late, behind)),
                microsystems.owner(saga));
    }

    private void add(Courier courier) {
        addWithoutStream(
                courier,
                courier.name(),
                1,
                (writer, targets, holds) ->
                        new CourierSession(courier, parts, store, writer, targets, holds),
                microsystems.owner(courier));
    }

    private void add(AlarmClock clock) {
        addWithoutStream(
                clock,
                clock.name(),
                0,
                (writer, targets, holds) ->
                        new ClockSession(clock, parts, store, writer, targets, holds),
                microsystems.owner(clock));
    }

    private void add(Subscription subscription) {
        add(
                subscription,
                subscription.name(),
                SubscriptionIndex.view(subscription),
                1,
                (writer, _, _) -> new SubscriptionSession(subscription, parts, store, writer),
                microsystems.owner(subscription));
    }

    private void addWithoutStream(
            Object what, String name, int failures, Open open, Microsystem owner) {
        add(what, name, ErrandIndex.view(name), failures, open, owner);
    }

    /// @param failures so often in a row has gone wrong what is listed
    private void add(
            Object what, String name, View index, int failures, Open open, Microsystem owner) {
        add(
                new Follower(
                        what,
                        name,
                        index,
                        open,
                        (status, after, limit) ->
                                ErrandIndex.list(
                                        store, name, index, failures, status, after, limit),
                        id -> ErrandIndex.find(store, name, index, failures, id),
                        (late, behind) ->
                                ErrandIndex.counts(store, name, index, failures, late, behind)),
                owner);
    }

    private void add(Follower follower, Microsystem owner) {
        followers.put(follower.name, follower);
        owners.put(follower.index.name(), owner.name());
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
    /// went wrong or took long; of an alarm clock, how many of its alarms are set. What was called
    /// for in the last moments is not among them.
    @Override
    public String errands(String microsystem, String name) {
        View index = ErrandIndex.view(name);
        return unfinished(
                name,
                "how many of its errands are not done",
                index,
                microsystem,
                () -> said(ErrandIndex.unfinished(store, index)));
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

    /// Says which sagas, couriers and clocks are a node's.
    @FunctionalInterface
    public interface Share {
        boolean has(String name, String microsystem);
    }

    /// Runs the sagas, couriers and clocks that are this node's, and no others.
    public synchronized void run(Share share, SagaSession.SagaTargets targets) {
        if (isClosed) {
            return;
        }
        for (Follower one : followers.values()) {
            if (share.has(one.name, owner(one.index))) {
                start(one, targets);
            } else {
                stop(one.name);
            }
        }
    }

    private String owner(View index) {
        return Objects.requireNonNull(owners.get(index.name()));
    }

    private void start(Follower one, SagaSession.SagaTargets targets) {
        if (!runs(one.name)) {
            stop(one.name);
            LOG.debug("{} runs here from now on", one.what);
            SagaRunner.Opening opening = (writer, holds) -> one.open.open(writer, targets, holds);
            runners.put(one.name, SagaRunner.start(one.what, one.index, parts, store, opening));
        }
    }

    private void stop(String name) {
        SagaRunner runner = runners.remove(name);
        if (runner != null) {
            runner.stop();
        }
    }

    /// Whether the saga, courier or clock of this name runs here.
    public boolean runs(String name) {
        SagaRunner runner = runners.get(name);
        return runner != null && !runner.isFenced();
    }

    private boolean isReadable(Follower one) {
        return (store.isShared() || runners.containsKey(one.name)) && store.isMade(one.index);
    }

    /// The names of all sagas, couriers and clocks: sagas first.
    public List<String> names() {
        return List.copyOf(followers.keySet());
    }

    /// What is listed of a saga, a courier or an alarm clock, in the order of the ids: the
    /// instances that have not ended, the errands that have gone wrong and are tried again, the
    /// alarms that are set.
    ///
    /// @param status only these; `null`: all
    /// @throws NodeException when this node cannot read its index
    public List<SagaRow> list(
            String name, SagaState.@Nullable Status status, String after, int limit) {
        Follower one = follower(name);
        return listed(one, () -> one.list.list(status, after, limit));
    }

    /// What is listed under this id.
    ///
    /// @throws NodeException when this node cannot read the index
    public Optional<SagaRow> find(String name, String id) {
        Follower one = follower(name);
        return listed(one, () -> one.find.find(id)).stream().findFirst();
    }

    private Follower follower(String name) {
        return Objects.requireNonNull(followers.get(name), name);
    }

    private List<SagaRow> listed(Follower one, Supplier<List<SagaRow>> rows) {
        try {
            if (!isReadable(one)) {
                throw new NodeException("this node has no index of " + one.name);
            }
            return rows.get();
        } catch (ViewSqlException e) {
            LOG.warn("{} cannot be listed: {}", one.name, e.getMessage()); // it has SQL in it
            throw new NodeException("the index of " + one.name + " cannot be read now");
        }
    }

    /// How much there is to do, of the sagas, couriers and clocks that this node can tell of; a
    /// second old at most. One statement for each.
    ///
    /// @param heads of the log
    public List<SagaCounts> counts(Positions heads) {
        Counted last = counted;
        if (System.nanoTime() - last.at < COUNTED_FOR_NANOS) {
            return last.counts;
        }
        List<SagaCounts> counts = new ArrayList<>();
        Instant late = parts.clock().instant().minus(LATE);
        Positions start = Positions.start(parts.log().partitions());
        for (Follower one : followers.values()) {
            try {
                if (isCountable(one)) {
                    counts.add(
                            one.count.count(
                                    late,
                                    found ->
                                            (found == null ? start : start.merge(found))
                                                    .behind(heads)));
                }
            } catch (ViewSqlException e) {
                LOG.debug("{} cannot be counted", one.what, e);
            }
        }
        counted = new Counted(System.nanoTime(), counts);
        return counts;
    }

    /// An index that was made once is not looked for again: should it be gone, counting fails.
    private boolean isCountable(Follower one) {
        if (made.contains(one.name)) {
            return store.isShared() || runners.containsKey(one.name);
        }
        return isReadable(one) && made.add(one.name);
    }

    /// How many milliseconds what happens now would wait for the sagas, couriers and clocks of this
    /// node, one after the other. Waits for nothing.
    public long backlogMillis() {
        return runners.values().stream().mapToLong(SagaRunner::backlogMillis).sum();
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
