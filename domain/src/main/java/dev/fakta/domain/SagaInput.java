// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

/// What a saga reacts to. Each input reaches its saga once, one at a time.
///
/// Between streams there is no order: an event that a step's command led to may come before the
/// step is [Done], or after, and two streams' events in any order. `react` bears both.
public sealed interface SagaInput {

    /// A fact of another stream that the saga has subscribed to.
    record Happened(Object event, At at) implements SagaInput {}

    /// A step's command was accepted, or an operator has skipped it.
    record Done(String step, String key) implements SagaInput {}

    /// A step's command was refused: it had no effect, and there is nothing to undo.
    ///
    /// @param rejection the stable name of the refusal
    record Refused(String step, String key, String rejection, String detail) implements SagaInput {}

    /// All attempts of a step that ends [Retry.End#TOLD] have failed; whether it had an effect is
    /// not known, so that it counts as done when the saga compensates.
    record Unanswered(String step, String key, String reason) implements SagaInput {}

    /// A timer is due. One that was cancelled, set anew or outlived by its saga never comes.
    record Woken(String timer) implements SagaInput {}

    /// All that was done is undone.
    record Compensated() implements SagaInput {}
}
