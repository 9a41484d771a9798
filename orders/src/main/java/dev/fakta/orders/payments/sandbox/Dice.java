// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Decides, from the seed, when the sandbox misbehaves. Any thread may call.
final class Dice {

    private Misbehaviours misbehaviours;
    private SplittableRandom random;

    Dice(Misbehaviours misbehaviours) {
        this.misbehaviours = misbehaviours;
        this.random = new SplittableRandom(misbehaviours.seed());
    }

    synchronized void set(Misbehaviours next) {
        misbehaviours = next;
        random = new SplittableRandom(next.seed());
    }

    /// What happens to one request.
    enum Fate {
        ANSWERED,
        TIMEOUT_AFTER,
        TIMEOUT_BEFORE,
        ERROR_AFTER,
        ERROR_BEFORE
    }

    synchronized Fate fate() {
        double left = random.nextDouble();
        double[] odds = {
            misbehaviours.timeoutAfter(),
            misbehaviours.timeoutBefore(),
            misbehaviours.errorAfter(),
            misbehaviours.errorBefore()
        };
        for (int i = 0; i < odds.length; i++) {
            left -= odds[i];
            if (left < 0) {
                return Fate.values()[i + 1];
            }
        }
        return Fate.ANSWERED;
    }

    /// Why an authorization is refused for no reason of its own.
    synchronized @Nullable String decline() {
        return random.nextDouble() < misbehaviours.decline() ? "card_declined" : null;
    }

    synchronized boolean isSentTwice() {
        return random.nextDouble() < misbehaviours.duplicateWebhook();
    }

    synchronized boolean isHeldBack() {
        return random.nextDouble() < misbehaviours.lateWebhook();
    }
}
