// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.log.NewEvent;
import dev.fakta.log.Snapshot;
import dev.fakta.log.Writer;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// Another writer, of which a test changes a part.
class WrappedWriter implements Writer {

    private final Writer writer;

    WrappedWriter(Writer writer) {
        this.writer = writer;
    }

    @Override
    public int partition() {
        return writer.partition();
    }

    @Override
    public long epoch() {
        return writer.epoch();
    }

    @Override
    public long time() {
        return writer.time();
    }

    @Override
    public long head() {
        return writer.head();
    }

    @Override
    public boolean isFenced() {
        return writer.isFenced();
    }

    @Override
    public CompletionStage<Long> append(List<NewEvent> events) {
        return writer.append(events);
    }

    @Override
    public void putSnapshot(Snapshot snapshot) {
        writer.putSnapshot(snapshot);
    }
}
