// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.Writer;
import dev.fakta.runtime.Tally;
import dev.fakta.runtime.Versioned;
import dev.fakta.runtime.core.CommandWindow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Notes what the partition asks for, and does none of it by itself.
final class ScriptedShell implements PartitionShell {

    /// An amount that the shell does not append.
    static final long REFUSED = 77;

    final ArrayDeque<Batch> appends = new ArrayDeque<>();
    final ArrayDeque<Resident> loads = new ArrayDeque<>();
    final List<StateCall> reads = new ArrayList<>();
    final List<String> snapshots = new ArrayList<>();
    Runnable onSnapshot = () -> {};
    int claims;
    long forgotten;
    boolean isAbsent = true;
    boolean isOwned = true;
    boolean isEnded;

    @Override
    public void claim() {
        claims++;
    }

    @Override
    public boolean surelyAbsent(String stream) {
        return isAbsent;
    }

    @Override
    public void load(Resident resident) {
        loads.add(resident);
    }

    @Override
    public void read(StateCall call) {
        reads.add(call);
    }

    @Override
    public void owns(Writer claim) {}

    @Override
    public void whenOwned(Runnable answer, Consumer<LogException> otherwise) {
        if (isOwned) {
            answer.run();
        } else {
            otherwise.accept(new LogException(Category.FENCED, "another node's"));
        }
    }

    @Override
    public void append(Writer writer, Batch batch) {
        if (batch.objects().contains(new Tally.Event.Added(REFUSED))) {
            throw new IllegalArgumentException("the append is too large");
        }
        appends.add(batch);
    }

    @Override
    public void snapshot(
            Writer writer,
            Resident resident,
            Versioned<Object> aggregate,
            CommandWindow.Kept kept) {
        snapshots.add("%d of %d".formatted(kept.few().size(), aggregate.revision()));
        onSnapshot.run();
    }

    @Override
    public void forgot(long commands) {
        forgotten += commands;
    }

    @Override
    public void ended() {
        isEnded = true;
    }
}
