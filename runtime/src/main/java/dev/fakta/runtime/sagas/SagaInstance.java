// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.SagaCommand.Offer;
import dev.fakta.domain.SagaState;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Versioned;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An instance that a [SagaDesk] works on at the moment: what it is to be told, one command at a
/// time, and which of its own commands are under way. Only the desk's thread touches it.
final class SagaInstance {

    final String id;

    /// What it is to be told, in order.
    final ArrayDeque<Input> waiting = new ArrayDeque<>();

    /// The runs whose commands are under way.
    final Set<Long> sending = new HashSet<>();

    /// What it is being told, or a look at its state is under way.
    boolean isBusy;

    /// It is to be looked at, as it may have changed.
    boolean isInDoubt;

    /// The newest of its revisions that was seen in the log.
    long followed;

    /// Its row says that it cannot be reached.
    boolean isLost;

    /// Time alone may not mend that: its events cannot be read, say.
    boolean needsPeople;

    /// Why it could not be told something, or be looked at, the last time.
    String lostFor = "";

    /// It is left alone for a moment, as it could not be told something.
    boolean isPausing;

    /// How often in a row it could not be told something.
    int failures;

    /// The trace of what it was told last; empty when that has none, or was before this runner.
    String traceParent = "";

    @Nullable Versioned<SagaState<Object>> known;

    /// The pieces of the log that wait until it has been looked at.
    final List<ReadAhead> lookedFor = new ArrayList<>();

    SagaInstance(String id) {
        this.id = id;
    }

    /// One input.
    ///
    /// @param place of the event in the log; `null` when it is an answer or a timer
    /// @param stretch that waits for it
    /// @param cause of the event; `null` likewise
    /// @param seen the highest hybrid time of what it follows from, or 0
    record Input(
            Offer offer,
            SagaIndex.@Nullable Place place,
            @Nullable ReadAhead stretch,
            @Nullable Cause cause,
            long seen) {}

    /// A piece of the log, some of whose inputs are not taken yet.
    static final class ReadAhead {
        final Positions upTo;

        /// How much was found in it.
        final int found;

        final long since = System.nanoTime();

        /// The inputs that are not taken yet; those that are written down do not count.
        final Set<SagaIndex.Place> open = new HashSet<>();

        /// The instances that are to be looked at first.
        int looks;

        ReadAhead(Positions upTo, int found) {
            this.upTo = upTo;
            this.found = found;
        }

        boolean isDone() {
            return open.isEmpty() && looks == 0;
        }
    }

    boolean isIdle() {
        return !isBusy && !isInDoubt && !isPausing && waiting.isEmpty() && sending.isEmpty();
    }

    List<Input> takeAll() {
        List<Input> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    /// Puts back what could not be told.
    void putBack(List<Input> inputs) {
        inputs.reversed().forEach(waiting::addFirst);
    }
}
