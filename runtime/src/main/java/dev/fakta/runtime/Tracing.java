// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/// Spans of OpenTelemetry for what a node does: one trace for a request and for everything that
/// follows from it, whenever and on whichever node.
///
/// What connects the spans is the W3C trace parent that every event carries ([Cause#traceParent]):
/// what follows from an event continues its trace, also after a restart. A span is made only when
/// its parent was sampled, so that what is not costs next to nothing. Any thread.
public final class Tracing {

    /// Makes no spans. A trace parent that comes with a request is passed on all the same.
    public static final Tracing OFF = new Tracing(null);

    private static final ContextKey<Tracing> AROUND = ContextKey.named("dev.fakta.tracing");

    /// The key of [MDC] that has the id of the trace, as OpenTelemetry's agents name it.
    public static final String TRACE_ID = "trace_id";

    private static final String SCOPE = "dev.fakta";

    /// A batch of a busy node joins thousands of traces: beyond so many, none is linked any more.
    private static final int MOST_LINKS = 64;

    private static final int PARENT_LENGTH = 55;
    private static final Pattern PARENT =
            Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

    private final @Nullable Tracer tracer;

    private Tracing(@Nullable Tracer tracer) {
        this.tracer = tracer;
    }

    /// Makes spans by what the program has set up. It belongs to the program, which closes it after
    /// the node.
    public static Tracing by(OpenTelemetry telemetry) {
        return new Tracing(telemetry.getTracer(SCOPE));
    }

    public boolean isOn() {
        return tracer != null;
    }

    /// Begins a trace, or continues the one of who asks. The caller ends the span.
    ///
    /// @param parent a W3C trace parent; empty: whether there is to be a trace is decided here
    public Span begin(String name, SpanKind kind, String parent) {
        Tracer by = tracer;
        return by == null ? Span.getInvalid() : started(by.spanBuilder(name), kind, parent);
    }

    /// Continues a trace, if there is one. The caller ends the span.
    ///
    /// @param parent a W3C trace parent; of an empty one, and of one that is not sampled, there is
    ///   no span
    public Span follow(String name, SpanKind kind, String parent) {
        return isSampled(parent) ? begin(name, kind, parent) : Span.getInvalid();
    }

    /// One span for what was done of several traces at once: it continues the first one that is
    /// sampled, and is linked to the others. The caller ends the span.
    ///
    /// @param parents W3C trace parents; empty ones and equal ones among them
    public Span join(String name, SpanKind kind, Iterable<String> parents) {
        Tracer by = tracer;
        if (by == null) {
            return Span.getInvalid();
        }
        SpanBuilder span = null;
        String first = "";
        String last = "";
        int links = 0;
        for (String parent : parents) {
            if (parent.equals(last) || !isSampled(parent)) {
                continue;
            }
            last = parent;
            if (span == null) {
                span = by.spanBuilder(name);
                first = parent;
            } else if (links < MOST_LINKS) {
                links++;
                span.addLink(context(parent));
            }
        }
        return span == null ? Span.getInvalid() : started(span, kind, first);
    }

    /// Begins the span of a call to another system, in the thread in which a processor works on a
    /// request of which there is a trace. The caller ends the span, and sends [#parent] of it
    /// along.
    ///
    /// @param name with few different values, as in `POST /authorizations`
    public static Span call(String name) {
        Tracing around = Context.current().get(AROUND);
        return around == null
                ? Span.getInvalid()
                : around.follow(name, SpanKind.CLIENT, parent(Span.current(), ""));
    }

    /// Has what this thread does be part of the span, and what it logs say so.
    <T> T within(Span span, Supplier<T> work) {
        try (Scope _ = Context.current().with(span).with(AROUND, this).makeCurrent();
                MDC.MDCCloseable _ = logging(span)) {
            return work.get();
        }
    }

    /// Has what this thread logs carry the trace, until it is closed.
    public static MDC.MDCCloseable logging(Span span) {
        return MDC.putCloseable(TRACE_ID, span.getSpanContext().getTraceId());
    }

    private static Span started(SpanBuilder span, SpanKind kind, String parent) {
        SpanContext context = parent.isEmpty() ? SpanContext.getInvalid() : context(parent);
        if (context.isValid()) {
            span.setParent(Context.root().with(Span.wrap(context)));
        } else {
            span.setNoParent();
        }
        return span.setSpanKind(kind).startSpan();
    }

    /// Whether spans are to be made of what follows from this trace parent.
    private boolean isSampled(String parent) {
        return tracer != null
                && parent.length() == PARENT_LENGTH
                && (Character.digit(parent.charAt(PARENT_LENGTH - 1), 16) & 1) == 1
                && context(parent).isSampled();
    }

    private static SpanContext context(String parent) {
        Matcher parts = PARENT.matcher(parent);
        return parts.matches()
                ? SpanContext.createFromRemoteParent(
                        parts.group(1),
                        parts.group(2),
                        TraceFlags.fromHex(parts.group(3), 0),
                        TraceState.getDefault())
                : SpanContext.getInvalid();
    }

    /// The W3C trace parent of what follows from a span.
    ///
    /// @param otherwise when there is no span: that of what the span would have followed from
    public static String parent(Span span, String otherwise) {
        SpanContext context = span.getSpanContext();
        return context.isValid()
                ? "00-%s-%s-%s"
                        .formatted(
                                context.getTraceId(),
                                context.getSpanId(),
                                context.getTraceFlags().asHex())
                : otherwise;
    }

    /// Ends a span with what came of a command or request.
    public static void end(Span span, Reply<?> reply) {
        if (span.isRecording()) {
            span.setAttribute("fakta.reply", reply.getClass().getSimpleName());
            switch (reply) {
                case Reply.Rejected<?>(var rejection, _) ->
                        span.setAttribute("fakta.rejection", rejection.name());
                case Reply.Failed<?>(var failure, var detail) ->
                        span.setStatus(StatusCode.ERROR, failure + ": " + detail);
                case Reply.Busy<?> _ -> span.setStatus(StatusCode.ERROR, "busy");
                case Reply.Accepted<?> _,
                        Reply.Repeated<?> _,
                        Reply.Refused<?> _,
                        Reply.Moved<?> _,
                        Reply.IdReused<?> _ -> {} // as the attribute says
            }
        }
        span.end();
    }
}
