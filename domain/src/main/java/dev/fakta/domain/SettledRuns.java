// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import dev.fakta.domain.SagaState.Draft;
import dev.fakta.domain.SagaState.Run;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Bounds what an instance remembers of runs that have come to an end, so that one that runs steps
/// for ever costs the same in its tenth year.
///
/// Kept are all runs that are under way or stuck, all that a compensation would take back, and of
/// the others the latest of each step, direction and outcome. So what [Progress#isDone] and
/// [Progress#isOpen] say never changes by it. An answer to a run that was forgotten is as old as
/// one to a run that is settled: both change nothing, as numbers are not given twice.
final class SettledRuns {

    static final int KEPT = 64;

    private record Group(String step, boolean isForward, boolean isDone) {}

    private SettledRuns() {}

    /// @param hasUndo whether the run's step can be taken back
    static <S> SagaState<S> forgetOldest(SagaState<S> state, Predicate<Run> hasUndo) {
        if (state.runs().size() <= KEPT || !state.backlog().isEmpty()) {
            return state;
        }
        Map<Group, Integer> found = new HashMap<>();
        List<Run> kept = new ArrayList<>();
        for (Run run : state.runs().reversed()) {
            boolean isNeeded =
                    !run.isSettled() || run.isForward() && run.mayBeDone() && hasUndo.test(run);
            if (isNeeded || found.merge(group(run), 1, Integer::sum) <= KEPT) {
                kept.add(run);
            }
        }
        if (kept.size() == state.runs().size()) {
            return state;
        }
        Collections.reverse(kept);
        Draft<S> draft = new Draft<>(state);
        draft.runs.clear();
        draft.runs.addAll(kept);
        return draft.done();
    }

    private static Group group(Run run) {
        return new Group(run.step(), run.isForward(), LedgerView.isDone(run));
    }
}
