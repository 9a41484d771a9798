// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogRecord;
import dev.fakta.log.NewEvent;
import dev.fakta.runtime.core.AggregateReader;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.core.VitalThread;
import dev.fakta.views.engine.ViewEvents;
import dev.fakta.views.engine.ViewHost;
import dev.fakta.views.engine.ViewParts;
import io.opentelemetry.api.trace.SpanKind;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Connects the views with the node that runs them: they read its log through its codec.
final class NodeViews implements ViewEvents {

    private final NodeParts parts;

    private NodeViews(NodeParts parts) {
        this.parts = parts;
    }

    /// The views of a node, none of which runs yet; see [ViewHost].
    static ViewHost open(NodeParts parts) {
        NodeSettings settings = parts.settings();
        return new ViewHost(
                parts.microsystems().views(),
                view -> parts.microsystems().owner(view).name(),
                parts::hasHere,
                new ViewParts(
                        settings.name(),
                        settings.views(),
                        settings.viewBatch(),
                        parts.log(),
                        new NodeViews(parts),
                        parts.clock(),
                        parts.blocking(),
                        VitalThread::named));
    }

    @Override
    public boolean areOf(String name, Set<Class<?>> types) {
        return parts.codec().knows(name) && types.contains(parts.codec().typeNamed(name));
    }

    /// A view that keeps up gets the object that its partition has just encoded.
    @Override
    public Object decoded(EventRecord record) {
        @Nullable Object recent = parts.recent().find(record.partition(), record.offset());
        NewEvent event = record.event();
        return recent != null
                ? recent
                : parts.codec().decode(event.name(), event.schemaVersion(), event.payload());
    }

    @Override
    public Runnable applying(View view, List<LogRecord> records) {
        Tracing tracing = parts.settings().tracing();
        if (!tracing.isOn()) {
            return () -> {};
        }
        List<String> parents =
                records.stream()
                        .filter(EventRecord.class::isInstance)
                        .map(record -> ((EventRecord) record).event())
                        .filter(event -> areOf(event.name(), view.events()))
                        .map(event -> event.metadata().traceParent())
                        .toList();
        return tracing.join("view " + view.name(), SpanKind.CONSUMER, parents)::end;
    }

    @Override
    public At at(EventRecord record) {
        return AggregateReader.at(record);
    }
}
