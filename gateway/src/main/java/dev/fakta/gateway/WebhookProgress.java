// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.log.Positions;

/// How far subscriptions have got, as their facts have it: tokens of positions in the log. An
/// aggregate keeps them as text, and knows nothing of a log.
final class WebhookProgress {

    private WebhookProgress() {}

    /// Whether the first has got as far as the second.
    static boolean covers(String token, String other) {
        return Positions.parse(token).covers(Positions.parse(other));
    }

    /// As far as either has got, partition by partition.
    static String merged(String token, String other) {
        return Positions.parse(token).merge(Positions.parse(other)).token();
    }
}
