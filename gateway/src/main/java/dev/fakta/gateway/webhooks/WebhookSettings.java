// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway.webhooks;

import java.time.Duration;

/// How messages are delivered to the receivers of all subscriptions.
///
/// @param keys where their secrets come from
/// @param addresses which receivers may be called
/// @param within how long one attempt may take
/// @param firstPause before the second attempt; each pause after that is four times as long
/// @param longestPause between two attempts
/// @param giveUpAfter so long after its first attempt a message that is not taken, while others
///   are, is given up: until then nobody can go on behind it without sending what came later again
/// @param disableAfter a subscription of which nothing was taken for so long is disabled
/// @param inFlight how many messages are sent to one receiver at once
/// @param openBytes how many bytes of messages may be open for one subscription
public record WebhookSettings(
        WebhookKeys keys,
        ReceiverAddresses addresses,
        Duration within,
        Duration firstPause,
        Duration longestPause,
        Duration giveUpAfter,
        Duration disableAfter,
        int inFlight,
        long openBytes) {

    private static final int LONGER = 4;

    public WebhookSettings {
        if (inFlight < 1 || openBytes < 1) {
            throw new IllegalArgumentException("one message is in flight at least");
        }
        if (!within.isPositive() || !firstPause.isPositive() || !giveUpAfter.isPositive()) {
            throw new IllegalArgumentException("times are longer than nothing");
        }
    }

    /// What holds unless somebody says otherwise.
    public static WebhookSettings of(WebhookKeys keys, ReceiverAddresses addresses) {
        return new WebhookSettings(
                keys,
                addresses,
                Duration.ofSeconds(15),
                Duration.ofSeconds(2),
                Duration.ofMinutes(15),
                Duration.ofHours(2),
                Duration.ofDays(3),
                32,
                4L << 20);
    }

    /// The pause after some attempts have failed in a row.
    ///
    /// @param failures one or more
    /// @param chance from 0 to below 1, so that what failed together does not come back together
    public Duration pause(int failures, double chance) {
        Duration pause = firstPause;
        for (int i = 1; i < failures && pause.compareTo(longestPause) < 0; i++) {
            pause = pause.multipliedBy(LONGER);
        }
        long millis = Math.min(pause.toMillis(), longestPause.toMillis());
        return Duration.ofMillis(Math.max(1, (long) (millis * (1 - chance / 2))));
    }
}
