// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.time.Instant;
import java.util.UUID;

/// Where, when and why an event was recorded.
///
/// @param id the aggregate's id: the stream's name without the aggregate's
/// @param revision the event's number in its stream; the first is 1
/// @param partition the partition of the log
/// @param offset the event's place in the partition; the first record's is 1
/// @param time when it was decided, by the deciding node's clock, never before its cause
/// @param actor who sent the command; empty when nobody said
/// @param correlationId the same for all that one request led to
/// @param causationId the command or event that this one follows from
public record At(
        String id,
        long revision,
        int partition,
        long offset,
        Instant time,
        String actor,
        UUID commandId,
        UUID correlationId,
        UUID causationId) {}
