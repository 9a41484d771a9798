// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The delivery logs of the subscriptions that a node delivers for: of those that it has begun to
/// deliver for last, so that they have a bound in memory together. Any thread.
final class WebhookDeliveryLogs {

    private static final int MOST = 256;

    private final Map<String, WebhookDeliveryLog> all = new LinkedHashMap<>();

    /// The log of a subscription that is delivered from here on, with what it had before.
    synchronized WebhookDeliveryLog open(String subscription) {
        WebhookDeliveryLog found = all.remove(subscription);
        WebhookDeliveryLog log = found == null ? new WebhookDeliveryLog() : found;
        all.put(subscription, log);
        if (all.size() > MOST) {
            all.remove(all.keySet().iterator().next());
        }
        return log;
    }

    /// What became of the latest messages of a subscription, as far as this node knows.
    List<WebhookDelivery> of(String subscription) {
        WebhookDeliveryLog log;
        synchronized (this) {
            log = all.get(subscription);
        }
        return log == null ? List.of() : log.all();
    }

    /// Forgets those of which another node knows more.
    synchronized void forget(String subscription) {
        all.remove(subscription);
    }
}
