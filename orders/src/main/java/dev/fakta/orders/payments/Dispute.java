// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a customer's bank claims back.
///
/// @param id the provider's name for it
/// @param amount minor units; 0 as long as only its end was told
public record Dispute(String id, long amount, Stage stage) {

    public enum Stage {
        OPEN,
        WON,
        LOST
    }

    static @Nullable Dispute of(List<Dispute> disputes, String id) {
        for (Dispute one : disputes) {
            if (one.id.equals(id)) {
                return one;
            }
        }
        return null;
    }

    /// Minor units that were claimed and not won back.
    static long contested(List<Dispute> disputes) {
        long sum = 0;
        for (Dispute one : disputes) {
            sum += one.stage == Stage.WON ? 0 : one.amount;
        }
        return sum;
    }

    /// These with one that was opened. One whose end is known already stays closed.
    static List<Dispute> opened(List<Dispute> disputes, String id, long amount) {
        Dispute known = of(disputes, id);
        return with(disputes, new Dispute(id, amount, known == null ? Stage.OPEN : known.stage));
    }

    /// These with one that came to its end.
    static List<Dispute> closed(List<Dispute> disputes, String id, Stage end) {
        Dispute known = of(disputes, id);
        return with(disputes, new Dispute(id, known == null ? 0 : known.amount, end));
    }

    /// Whether to hear of this stage would be no news.
    boolean tells(Stage told) {
        return told == Stage.OPEN ? amount > 0 : told == stage;
    }

    private static List<Dispute> with(List<Dispute> disputes, Dispute changed) {
        List<Dispute> all = new ArrayList<>(disputes);
        if (of(disputes, changed.id) == null) {
            all.add(changed);
        } else {
            all.replaceAll(one -> one.id.equals(changed.id) ? changed : one);
        }
        return all;
    }
}
