// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.domain.Aggregate;
import dev.fakta.log.LogException;
import dev.fakta.runtime.Versioned;

/// Asks for an aggregate's committed state.
record StateCall(
        Aggregate<Object, Object, Object> aggregate, String id, ReplyTo<StateCall.Answer> replyTo) {

    /// The state, or why there is none to be had now.
    sealed interface Answer {}

    /// What there is to answer when the log has failed.
    static Answer failed(LogException failure) {
        return failure.category() == LogException.Category.FENCED
                ? new Elsewhere()
                : new Unavailable(String.valueOf(failure.getMessage()));
    }

    record Found(Versioned<Object> aggregate) implements Answer {}

    /// The partition is another node's. The runtime asks there by itself.
    record Elsewhere() implements Answer {}

    record Unavailable(String detail) implements Answer {}
}
