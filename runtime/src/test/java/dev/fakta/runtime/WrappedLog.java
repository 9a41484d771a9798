// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogReader;
import dev.fakta.log.Positions;
import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Another log, of which a test changes a part.
public class WrappedLog implements EventLog {

    private final EventLog log;

    public WrappedLog(EventLog log) {
        this.log = log;
    }

    @Override
    public int partitions() {
        return log.partitions();
    }

    @Override
    public Writer claim(int partition, String node) {
        return log.claim(partition, node);
    }

    @Override
    public Set<Writer> stillOwners(Collection<Writer> writers) {
        return log.stillOwners(writers);
    }

    @Override
    public Duration lease() {
        return log.lease();
    }

    @Override
    public Positions heads() {
        return log.heads();
    }

    @Override
    public LogReader reader(Positions after) {
        return log.reader(after);
    }

    @Override
    public List<EventRecord> readStream(String stream, long fromRevision, int limit) {
        return log.readStream(stream, fromRevision, limit);
    }

    @Override
    public boolean surelyAbsent(String stream) {
        return log.surelyAbsent(stream);
    }

    @Override
    public Optional<Snapshot> latestSnapshot(String stream) {
        return log.latestSnapshot(stream);
    }

    @Override
    public Optional<String> note(String name) {
        return log.note(name);
    }

    @Override
    public void putNote(String name, String text) {
        log.putNote(name, text);
    }

    @Override
    public String noteOnce(String name, String text) {
        return log.noteOnce(name, text);
    }

    @Override
    public void follow(Runnable told) {
        log.follow(told);
    }

    @Override
    public void unfollow(Runnable told) {
        log.unfollow(told);
    }

    @Override
    public void close() {
        log.close();
    }
}
