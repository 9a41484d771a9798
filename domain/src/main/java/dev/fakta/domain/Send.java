// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import org.jspecify.annotations.Nullable;

/// What a saga wants done: a command to an aggregate, or a request to a processor, which makes the
/// command of it. Either is named by its definition, whoever hosts it: where it lives is the
/// runtime's affair.
///
/// @param aggregate whose answer is the step's
/// @param processor that the request goes through; `null` when the command goes straight
/// @param id the aggregate's id
/// @param command the command, or the processor's request
public record Send<C>(
        Aggregate<?, ?, ?> aggregate, @Nullable Processor<C, ?> processor, String id, C command) {

    /// A command to the aggregate with this id.
    public static <C, T extends C> Send<C> to(Aggregate<C, ?, ?> aggregate, String id, T command) {
        return new Send<>(aggregate, null, id, command);
    }

    /// A request to a processor, for the aggregate with this id. The processor may wait for others,
    /// a provider's server say, and is asked again, as the step's [Retry] says, when it says
    /// [Processor.Outcome.Unanswered]. What it refuses is [SagaInput.Refused], as `REFUSED`.
    public static <R> Send<R> through(Processor<R, ?> processor, String id, R request) {
        return new Send<>(processor.target(), processor, id, request);
    }
}
