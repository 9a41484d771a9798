// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import dev.fakta.gateway.Chore;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.Order.Attention.Topic;
import dev.fakta.orders.order.Order.Command.RaiseAttention;
import dev.fakta.orders.order.OrdersView;
import dev.fakta.orders.order.Waiting;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeException;
import dev.fakta.runtime.Recorded;
import dev.fakta.runtime.Versioned;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/// Looks for orders that nothing goes on with: that have not ended, that nothing has happened to
/// for a while, and that wait neither for people nor for a time that is still to come. It asks for
/// somebody's attention to each. There should be none: whatever an order waits for is to be seen to
/// by a saga, which has a timer.
///
/// It walks through the orders of the list that have not ended, at most [#MOST_LOOKS] of a status
/// in one run; the next run goes on behind them. One thread at a time.
public final class StalledSweep {

    /// How long nothing may happen, when nobody says otherwise.
    public static final Duration AFTER = Duration.ofDays(7);

    static final int MOST_LOOKS = 10_000;

    private static final Duration PAUSE = Duration.ofHours(1);
    private static final int PAGE = 200;
    private static final List<Lifecycle> LIVE = List.of(Lifecycle.CREATED, Lifecycle.CONFIRMED);

    private final Duration after;
    private final Map<Lifecycle, Place> reached = new EnumMap<>(Lifecycle.class);

    /// @param after how long nothing may happen to an order
    StalledSweep(Duration after) {
        this.after = after;
    }

    /// The sweep as a chore, once an hour.
    ///
    /// @param after how long nothing may happen to an order
    public static Chore chore(Duration after) {
        StalledSweep sweep = new StalledSweep(after);
        return new Chore("stalled-sweep", PAUSE, sweep::run);
    }

    /// Where the walk through the orders of a status is.
    private record Place(long placedAt, String id) {
        static final Place BEGIN = new Place(Long.MIN_VALUE, "");
    }

    /// @throws NodeException when some orders cannot be looked at now: those behind them were
    void run(Node node) throws InterruptedException {
        List<NodeException> failures = new ArrayList<>();
        for (Lifecycle status : LIVE) {
            reached.put(status, walk(node, status, failures));
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    /// Goes on where the last run has ended.
    ///
    /// @return where the next one begins
    private Place walk(Node node, Lifecycle status, List<NodeException> failures)
            throws InterruptedException {
        Place place = reached.getOrDefault(status, Place.BEGIN);
        for (int looks = 0; looks < MOST_LOOKS; looks += PAGE) {
            List<Place> page = page(node, status, place);
            for (Place one : page) {
                try {
                    look(node, one.id);
                } catch (NodeException e) {
                    failures.add(e);
                }
            }
            if (page.size() < PAGE) {
                return Place.BEGIN;
            }
            place = page.getLast();
        }
        return place;
    }

    private List<Place> page(Node node, Lifecycle status, Place behind) {
        return node.rows(
                OrdersView.DEFINITION,
                """
                select id, placed_at from order_row
                where status = ? and placed_at < ? and (placed_at, id) > (?, ?)
                order by placed_at, id limit ?""",
                row -> new Place(row.number("placed_at"), row.text("id")),
                status.toString(),
                before(node).toEpochMilli(),
                behind.placedAt,
                behind.id,
                PAGE);
    }

    private Instant before(Node node) {
        return node.clock().instant().minus(after);
    }

    /// An order that moves meanwhile is left alone: the attention is for the revision that was
    /// seen.
    private void look(Node node, String id) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Versioned<Order> found = node.state(Order.AGGREGATE, id);
        if (found.state().created() == null || found.state().isClosed()) {
            return;
        }
        List<Waiting> waits = Waiting.of(found.state());
        if (isLookedAfter(waits, node.clock().instant()) || hasMoved(node, id, found.revision())) {
            return;
        }
        String awaited =
                waits.stream().map(wait -> wait.code().name()).collect(Collectors.joining(" "));
        var _ =
                node.await(
                        node.sendAt(
                                Order.AGGREGATE,
                                id,
                                found.revision(),
                                new RaiseAttention(Topic.STALLED, awaited),
                                Cause.of(UUID.randomUUID(), 0, "stalled-sweep")));
    }

    private static boolean isLookedAfter(List<Waiting> waits, Instant now) {
        return waits.stream()
                .anyMatch(
                        wait -> {
                            Instant until = wait.until();
                            return wait.actor().isPeople() || (until != null && until.isAfter(now));
                        });
    }

    private boolean hasMoved(Node node, String id, long revision) {
        List<Recorded<Object>> last = node.events(Order.AGGREGATE, id, revision, 1);
        return last.isEmpty() || last.getLast().at().time().isAfter(before(node));
    }
}
