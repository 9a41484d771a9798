// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What became of a subscription's latest messages, in the memory of the node that delivers them:
/// there are too many for a fact about each. It is bounded, for those that were taken and those
/// that wait apart, so that many of the first kind hide none of the second. Any thread.
final class WebhookDeliveryLog {

    /// So many of either kind.
    static final int MOST = 500;

    private static final int MOST_CHARACTERS = 128 << 10;

    /// What an entry takes beside its texts, in characters.
    private static final int ENTRY = 100;

    private final Kind taken = new Kind();
    private final Kind waiting = new Kind();

    /// A message of an event, sent because it was recorded or for a resend.
    private record Key(String id, @Nullable Integer resend) {
        static Key of(WebhookDelivery one) {
            return new Key(one.id(), one.resend());
        }
    }

    /// The latest of a kind.
    private static final class Kind {
        private final Map<Key, WebhookDelivery> all = new LinkedHashMap<>();
        private long characters;

        void add(WebhookDelivery one) {
            remove(Key.of(one));
            all.put(Key.of(one), one);
            characters += size(one);
            Iterator<WebhookDelivery> eldest = all.values().iterator();
            while (all.size() > MOST || characters > MOST_CHARACTERS) {
                characters -= size(eldest.next());
                eldest.remove();
            }
        }

        void remove(Key key) {
            WebhookDelivery before = all.remove(key);
            if (before != null) {
                characters -= size(before);
            }
        }

        private static int size(WebhookDelivery one) {
            String reason = one.reason();
            return ENTRY
                    + one.id().length()
                    + one.stream().length()
                    + one.type().length()
                    + (reason == null ? 0 : reason.length());
        }
    }

    /// Writes down what became of a message by now, in the place of what was known of it before.
    /// What was given up stands in the subscription's facts, and not here.
    synchronized void put(WebhookDelivery one) {
        Key key = Key.of(one);
        taken.remove(key);
        waiting.remove(key);
        switch (one.state()) {
            case TAKEN -> taken.add(one);
            case WAITING -> waiting.add(one);
            case GIVEN_UP -> {} // see WebhookView
        }
    }

    /// All that is known, in no order.
    synchronized List<WebhookDelivery> all() {
        List<WebhookDelivery> all = new ArrayList<>(taken.all.values());
        all.addAll(waiting.all.values());
        return all;
    }
}
