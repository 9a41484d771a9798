// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/// Why a command is sent, and by whom.
///
/// @param commandId one id, one effect: a repeated id gets the first answer again
/// @param commandHash a hash of the request, to tell a retry from another request under a used id
/// @param correlationId the same for all that one request leads to
/// @param causationId what the command follows from
/// @param actor who sends it; empty when nobody said
/// @param permissions what the sender may do beyond the ordinary
/// @param traceParent the W3C trace context, or empty
/// @param seen the highest hybrid logical time that the cause has seen, or 0
public record Cause(
        UUID commandId,
        long commandHash,
        UUID correlationId,
        UUID causationId,
        String actor,
        Set<String> permissions,
        String traceParent,
        long seen) {

    public Cause {
        permissions = Set.copyOf(permissions);
    }

    /// A cause of its own: nothing led to the command but its sender.
    public static Cause of(UUID commandId, long commandHash, String actor) {
        return new Cause(commandId, commandHash, commandId, commandId, actor, Set.of(), "", 0);
    }

    /// A cause of its own with a fresh command id.
    public static Cause fresh() {
        return of(freshId(), 0, "");
    }

    /// The same of one who has also seen what was recorded at a hybrid time.
    public Cause seeing(long time) {
        return time <= seen
                ? this
                : new Cause(
                        commandId,
                        commandHash,
                        correlationId,
                        causationId,
                        actor,
                        permissions,
                        traceParent,
                        time);
    }

    /// The same, of which what follows continues another trace.
    ///
    /// @param parent a W3C trace parent, or empty
    public Cause tracedBy(String parent) {
        return parent.equals(traceParent)
                ? this
                : new Cause(
                        commandId,
                        commandHash,
                        correlationId,
                        causationId,
                        actor,
                        permissions,
                        parent,
                        seen);
    }

    /// The cause of the n-th further command of the same request: its id follows from this one's.
    Cause part(int number) {
        UUID id =
                new UUID(
                        commandId.getMostSignificantBits(),
                        commandId.getLeastSignificantBits() + number);
        return new Cause(
                id, commandHash, correlationId, commandId, actor, permissions, traceParent, seen);
    }

    /// A random id (UUID version 4). It tells commands apart and guards nothing, so the quick
    /// generator does.
    public static UUID freshId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL | 0x4000L;
        long low = random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
