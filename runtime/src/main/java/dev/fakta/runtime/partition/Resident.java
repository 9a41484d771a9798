// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.domain.Aggregate;
import dev.fakta.runtime.Versioned;
import dev.fakta.runtime.core.AggregateReader;
import dev.fakta.runtime.core.CommandWindow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One aggregate in its partition's memory.
///
/// Two states: the *tentative* one has folded every event that was decided, the *committed* one
/// those that are durable. Only the partition's thread touches a resident, but for [#settled] and
/// [#touched], which readers use from any thread.
public final class Resident {

    public final Aggregate<Object, Object, Object> aggregate;
    public final String id;
    public final String stream;

    /// What an event takes in the log, about.
    private static final int BYTES_OF_EVENT = 256;

    Object tentative;
    long tentativeRevision;
    CommandWindow window = new CommandWindow();

    /// Commands decided on the tentative state that are not durable yet.
    int pending;

    /// What arrived while the events are being read; `null` once they are.
    @Nullable List<Runnable> waiting;

    /// Whether nothing is pending. An event that is pending here may be durable, and others may
    /// have read it: who is to see what follows from it must not be shown the committed state then.
    private volatile boolean isSettled = true;

    /// Whether reading the events has failed.
    boolean isUnreadable;

    /// What the durable events make; `null` while the events are being read.
    public volatile @Nullable Versioned<Object> committed;

    /// Of the newest snapshot that was made here, in bytes; 0 when none was.
    volatile int snapshotBytes;

    /// Used since the last look for something to drop.
    volatile boolean touched = true;

    public Resident(Aggregate<Object, Object, Object> aggregate, String id) {
        this.aggregate = aggregate;
        this.id = id;
        this.stream = aggregate.stream(id);
        this.tentative = aggregate.initial();
    }

    /// A command more is on its way.
    void begin() {
        pending++;
        isSettled = false;
    }

    /// A command less is on its way. To be called behind the change of the committed state.
    void end() {
        pending--;
        isSettled = pending == 0;
    }

    /// After how many events the next snapshot is made. Of a large state after more: its snapshots
    /// cost no more then than the events between them, which are read as quickly as it.
    ///
    /// @param usual of a small state
    long snapshotEvery(int usual) {
        return Math.max(usual, snapshotBytes / BYTES_OF_EVENT);
    }

    /// The committed state, when it has all events that others can have read; any thread.
    @Nullable Versioned<Object> settled() {
        return isSettled ? committed : null;
    }

    boolean isLoading() {
        return waiting != null;
    }

    void load() {
        waiting = new ArrayList<>(2);
    }

    /// Takes over what the log has.
    void take(AggregateReader.Loaded loaded) {
        tentative = loaded.aggregate().state();
        tentativeRevision = loaded.aggregate().revision();
        window = loaded.window();
        committed = loaded.aggregate();
    }

    /// What arrived while the events were being read, which is over now.
    List<Runnable> arrived() {
        List<Runnable> arrived = waiting == null ? List.of() : waiting;
        waiting = null;
        return arrived;
    }
}
