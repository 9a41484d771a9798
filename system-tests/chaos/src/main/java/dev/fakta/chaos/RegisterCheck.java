// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Whether the calls to one aggregate could have happened one after the other, each at a moment
/// between its start and its end: linearizability (Herlihy and Wing, 1990).
///
/// In general that is a search. Here each answer names the revision that it saw or made, which
/// fixes the order: write 1, reads of 1, write 2, reads of 2 … It is possible exactly when no call
/// that comes later in this order has ended before one that comes earlier has started. One pass
/// from the end, with the earliest end so far, finds all that break this.
final class RegisterCheck {

    private RegisterCheck() {}

    enum Access {
        WRITE,
        READ
    }

    /// One call.
    ///
    /// @param what for the message
    /// @param end [Long#MAX_VALUE] when nobody was told
    record Seen(String what, Access access, long revision, long start, long end) {
        private long rank() {
            return 2 * revision + (access == Access.WRITE ? 0 : 1);
        }
    }

    /// Says what is wrong, a sentence each.
    static List<String> check(String aggregate, List<Seen> calls) {
        List<String> wrong = new ArrayList<>();
        List<Seen> latestFirst =
                calls.stream().sorted(Comparator.comparingLong(Seen::rank).reversed()).toList();
        Seen ended = null; // the earliest to end, of all with a higher rank
        Seen endedHere = null; // the same, with those of this rank
        Seen before = null;
        for (Seen call : latestFirst) {
            if (before != null && before.rank() != call.rank()) {
                ended = endedHere;
            }
            if (ended != null && ended.end() < call.start()) {
                wrong.add(
                        "%s: %s at revision %d had ended before %s at revision %d began"
                                .formatted(
                                        aggregate,
                                        ended.what(),
                                        ended.revision(),
                                        call.what(),
                                        call.revision()));
            }
            if (before != null && isSameWrite(before, call)) {
                wrong.add(
                        "%s: %s and %s both made revision %d"
                                .formatted(aggregate, before.what(), call.what(), call.revision()));
            }
            if (endedHere == null || call.end() < endedHere.end()) {
                endedHere = call;
            }
            before = call;
        }
        return wrong;
    }

    private static boolean isSameWrite(Seen one, Seen other) {
        return one.access() == Access.WRITE
                && other.access() == Access.WRITE
                && one.revision() == other.revision();
    }
}
