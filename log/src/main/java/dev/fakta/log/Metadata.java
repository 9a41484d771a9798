// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.util.UUID;

/// Why an event exists.
///
/// @param eventId unique among all events everywhere
/// @param commandId the command that was carried out; the events of one command share it
/// @param commandHash a hash of the request behind the command, to tell a retry (same id, same
///   hash) from another request under a used id
/// @param correlationId the same for all that one request led to
/// @param causationId the command or event that this one follows from
/// @param actor who sent the command; empty when nobody said; at most [NewEvent#LONGEST_NAME] bytes
/// @param traceParent the W3C trace context, or empty; at most [NewEvent#LONGEST_NAME] bytes
/// @param time hybrid logical time, see [HybridTime]
public record Metadata(
        UUID eventId,
        UUID commandId,
        long commandHash,
        UUID correlationId,
        UUID causationId,
        String actor,
        String traceParent,
        long time) {

    public Metadata {
        NewEvent.checkLength("actor", actor);
        NewEvent.checkLength("trace parent", traceParent);
    }
}
