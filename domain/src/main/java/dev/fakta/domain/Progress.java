// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.util.List;

/// What a saga has run so far, for `react` to ask. The input at hand is in it already: the last
/// reservation's answer finds all reservations done.
///
/// An instance that runs a step again and again forgets runs: of a step that has no undoing command
/// the latest 64 that are done are known. That changes what [#done] lists, and nothing else.
public interface Progress {

    /// Whether the step was run, and every run of it is done.
    boolean isDone(String step);

    /// Whether a run of the step still waits for its answer.
    boolean isOpen(String step);

    /// The keys under which the step is done and not undone, in the order in which they were run.
    List<String> done(String step);

    /// Whether the timer is set.
    boolean isSet(String timer);

    /// Whether what was done is being undone, or has been.
    boolean isCompensating();

    /// Whether the saga has ended: the input is a late one.
    boolean isCompleted();
}
