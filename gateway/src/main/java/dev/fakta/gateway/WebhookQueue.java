// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.gateway.webhooks.DeliveryWindow;
import dev.fakta.log.Positions;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// The messages of one subscription that are to be sent, and which is the next. One thread.
///
/// Of a stream one message is on its way at a time, in the order of its events; messages of
/// different streams overtake each other. What is sent again goes beside that: it is in no
/// position, holds up no event of its stream, and has a bound of its own.
///
/// Each message that [#next] has answered is either settled or comes back by [#later].
final class WebhookQueue {

    private static final int MOST_OPEN = 2_000;
    private static final int MOST_OPEN_AGAIN = 500;

    private final DeliveryWindow window;
    private final long mostBytes;
    private final ArrayDeque<WebhookReader.Found> unread = new ArrayDeque<>();
    private final ArrayDeque<WebhookResends.Found> unreadAgain = new ArrayDeque<>();
    private final Map<String, ArrayDeque<WebhookMessage>> streams = new HashMap<>();
    private final ArrayDeque<WebhookMessage> ready = new ArrayDeque<>();
    private final PriorityQueue<WebhookMessage> later =
            new PriorityQueue<>(Comparator.comparing(WebhookMessage::due));
    private final Map<Integer, Resent> resends = new LinkedHashMap<>();

    /// How far a resend is carried out.
    static final class Resent {
        private int open;
        private long taken;
        private long notTaken;
        private boolean isRead;

        long taken() {
            return taken;
        }

        long notTaken() {
            return notTaken;
        }

        private boolean isDone() {
            return isRead && open == 0;
        }
    }

    /// @param settled the positions up to which nothing is to be sent
    /// @param mostBytes of messages, above which none is taken on
    WebhookQueue(Positions settled, long mostBytes) {
        this.window = new DeliveryWindow(settled);
        this.mostBytes = mostBytes;
    }

    void add(WebhookReader.Found found) {
        unread.add(found);
    }

    void add(WebhookResends.Found found) {
        unreadAgain.add(found);
    }

    /// Takes on what was read next, within the bound.
    ///
    /// @return that; `null` when there is none, or no room
    WebhookReader.@Nullable Found admit() {
        if (unread.isEmpty() || window.count() >= MOST_OPEN || window.bytes() >= mostBytes) {
            return null;
        }
        WebhookReader.Found found = unread.remove();
        for (EventFeed.Entry entry : found.wanted()) {
            WebhookMessage message = new WebhookMessage(entry, null);
            window.add(message.partition(), message.offset(), message.size());
            line(message);
        }
        window.readUpTo(found.after());
        return found;
    }

    /// Takes on what is to be sent again next, within its bound.
    ///
    /// @return whether there was some
    boolean admitAgain() {
        int open = resends.values().stream().mapToInt(one -> one.open).sum();
        if (unreadAgain.isEmpty() || open >= MOST_OPEN_AGAIN) {
            return false;
        }
        WebhookResends.Found found = unreadAgain.remove();
        Resent resent = resends.computeIfAbsent(found.resend(), _ -> new Resent());
        for (EventFeed.Entry entry : found.messages()) {
            resent.open++;
            line(new WebhookMessage(entry, found.resend()));
        }
        resent.isRead |= found.isLast();
        return true;
    }

    private void line(WebhookMessage message) {
        ArrayDeque<WebhookMessage> stream =
                streams.computeIfAbsent(name(message), _ -> new ArrayDeque<>());
        stream.add(message);
        if (stream.size() == 1) {
            ready.add(message);
        }
    }

    /// Of messages with the same name one is on its way at a time.
    private static String name(WebhookMessage message) {
        return message.resend() == null
                ? message.stream()
                : message.resend() + " " + message.stream();
    }

    /// The message that is to be sent next; `null` when there is none now.
    ///
    /// @param isAnyGood whether one that is not due yet will do when there is no other one: while
    ///   nothing is taken, any tells as well as another whether that has changed
    @Nullable WebhookMessage next(Instant now, boolean isAnyGood) {
        WebhookMessage first = later.peek();
        if (first != null && (!first.due().isAfter(now) || (isAnyGood && ready.isEmpty()))) {
            return later.poll();
        }
        return ready.poll();
    }

    /// Has a message wait until it is due.
    void later(WebhookMessage message) {
        later.add(message);
    }

    /// Lets nothing wait any longer.
    void hurry() {
        ready.addAll(later);
        later.clear();
    }

    /// The message is not sent any more: the next of its stream may go.
    void settle(WebhookMessage message, boolean isTaken) {
        Integer resend = message.resend();
        if (resend == null) {
            window.settle(message.partition(), message.offset(), message.size());
        } else {
            Resent resent = Objects.requireNonNull(resends.get(resend));
            resent.open--;
            resent.taken += isTaken ? 1 : 0;
            resent.notTaken += isTaken ? 0 : 1;
        }
        ArrayDeque<WebhookMessage> stream = streams.get(name(message));
        if (stream != null) {
            stream.remove();
            if (stream.isEmpty()) {
                streams.remove(name(message));
            } else {
                ready.add(stream.element());
            }
        }
    }

    /// The positions up to which all is settled.
    Positions settled() {
        return window.settled();
    }

    /// The resends that are carried out.
    List<Map.Entry<Integer, Resent>> carriedOut() {
        return resends.entrySet().stream().filter(one -> one.getValue().isDone()).toList();
    }

    /// Forgets a resend.
    void forget(int resend) {
        resends.remove(resend);
    }
}
