// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.domain.Aggregate;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Reply;

/// A command on its way to the aggregate that it is for.
///
/// @param expectedRevision the revision that the aggregate must be at, or [#ANY] or [#NEW]
public record CommandCall(
        Aggregate<Object, Object, Object> aggregate,
        String id,
        Object command,
        long expectedRevision,
        Cause cause,
        ReplyTo<Reply<Object>> replyTo) {

    public static final long ANY = -1;

    /// The id was made a moment ago and this is the first try, so there is nothing to read. If
    /// there is after all, the log refuses the append, since a stream has one first revision; the
    /// command is sent again then, with [#ANY].
    public static final long NEW = -2;
}
