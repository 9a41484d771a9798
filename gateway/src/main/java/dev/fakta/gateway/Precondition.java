// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Under which condition a request is to be carried out (RFC 9110, section 13).
///
/// @param match `If-Match`
/// @param noneMatch `If-None-Match`
record Precondition(@Nullable EntityTags match, @Nullable EntityTags noneMatch) {

    /// No matter which revision.
    static final long ANY = -1;

    /// What a command asks of its aggregate. The revision is compared again where the command is
    /// carried out, by the aggregate's one writer, so that nothing comes in between. There, a
    /// command that is repeated gets the answer it had, whatever the revision is now: therefore one
    /// that names the revision itself is not judged here.
    ///
    /// @param current asks for the aggregate's revision; 0 when there is none
    /// @return the revision that the aggregate must be at; 0 when it must not exist, or [#ANY]
    /// @throws ProblemException 412 when the condition cannot hold
    long expected(LongSupplier current) {
        long expected = match == null ? ANY : matching(match, current);
        if (noneMatch == null) {
            return expected;
        }
        if (noneMatch.isAny() && match == null) {
            return 0;
        }
        long revision = current.getAsLong();
        if (noneMatch.isAny() || noneMatch.matchWeakly(revision)) {
            throw new ProblemException(Problem.moved(revision));
        }
        return expected == ANY ? revision : expected;
    }

    private static long matching(EntityTags match, LongSupplier current) {
        List<Long> revisions = match.revisions();
        if (revisions.size() == 1) {
            return revisions.getFirst();
        }
        long revision = current.getAsLong();
        if (match.matchStrongly(revision)) {
            return match.isAny() ? ANY : revision;
        }
        if (revisions.isEmpty()) {
            throw new ProblemException(Problem.moved(revision));
        }
        return revisions.getFirst();
    }

    /// Whether a reader has this revision already.
    ///
    /// @throws ProblemException 412 when it asks for another one
    boolean isKnown(long revision) {
        if (match != null && !match.matchStrongly(revision)) {
            throw new ProblemException(Problem.moved(revision));
        }
        return noneMatch != null && noneMatch.matchWeakly(revision);
    }
}
