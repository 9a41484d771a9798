// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import dev.fakta.domain.SagaState.Phase;
import dev.fakta.domain.SagaState.Run;
import dev.fakta.domain.SagaState.RunStatus;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// An instance's state as `react` may ask for it.
///
/// @param current gives the name that a step has now
record LedgerView(SagaState<?> state, UnaryOperator<String> current) implements Progress {

    private Stream<Run> runs(String step) {
        return state.runs().stream()
                .filter(run -> run.isForward() && current.apply(run.step()).equals(step));
    }

    @Override
    public boolean isDone(String step) {
        List<Run> all = runs(step).toList();
        return !all.isEmpty() && all.stream().allMatch(LedgerView::isDone);
    }

    static boolean isDone(Run run) {
        return run.status() == RunStatus.DONE || run.status() == RunStatus.SKIPPED;
    }

    @Override
    public boolean isOpen(String step) {
        return runs(step).anyMatch(run -> run.isOpen() || run.status() == RunStatus.STUCK);
    }

    @Override
    public List<String> done(String step) {
        return runs(step).filter(LedgerView::isDone).map(Run::key).toList();
    }

    @Override
    public boolean isSet(String timer) {
        return state.timers().containsKey(timer);
    }

    @Override
    public boolean isCompensating() {
        return state.phase() == Phase.COMPENSATING || state.phase() == Phase.COMPENSATED;
    }

    @Override
    public boolean isCompleted() {
        return state.phase() == Phase.COMPLETED;
    }
}
