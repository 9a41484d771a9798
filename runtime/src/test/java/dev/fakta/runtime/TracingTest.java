// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class TracingTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";
    private static final String UNSAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-00";

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final OpenTelemetrySdk sdk =
            OpenTelemetrySdk.builder()
                    .setTracerProvider(
                            SdkTracerProvider.builder()
                                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                                    .build())
                    .build();
    private final Tracing tracing = Tracing.by(sdk);

    @AfterEach
    void close() {
        sdk.close();
    }

    private SpanData only() {
        assertThat(spans.getFinishedSpanItems()).hasSize(1);
        return spans.getFinishedSpanItems().getFirst();
    }

    @Test
    void what_follows_continues_the_trace() {
        Span span = tracing.follow("work", SpanKind.INTERNAL, PARENT);
        String next = Tracing.parent(span, "");
        span.end();
        assertThat(only().getTraceId()).isEqualTo(TRACE);
        assertThat(only().getParentSpanId()).isEqualTo("00f067aa0ba902b7");
        assertThat(next).isEqualTo("00-" + TRACE + "-" + only().getSpanId() + "-01");
    }

    @Test
    void of_what_is_not_sampled_and_of_nonsense_there_is_no_span_and_it_is_passed_on() {
        for (String parent : List.of("", UNSAMPLED, PARENT + "0", "x".repeat(55))) {
            Span span = tracing.follow("work", SpanKind.INTERNAL, parent);
            assertThat(span.isRecording()).as(parent).isFalse();
            assertThat(Tracing.parent(span, parent)).isEqualTo(parent);
            span.end();
        }
        assertThat(spans.getFinishedSpanItems()).isEmpty();
    }

    @Test
    void one_that_is_off_passes_a_parent_on() {
        Span span = Tracing.OFF.begin("work", SpanKind.SERVER, PARENT);
        assertThat(Tracing.parent(span, PARENT)).isEqualTo(PARENT);
        assertThat(Tracing.OFF.isOn()).isFalse();
    }

    @Test
    void a_batch_continues_one_trace_and_is_linked_to_a_bounded_number_of_others() {
        List<String> parents = new ArrayList<>(List.of("", UNSAMPLED, PARENT, PARENT));
        for (int i = 1; i <= 100; i++) {
            parents.add("00-%032x-%016x-01".formatted(i, i));
        }
        tracing.join("append", SpanKind.INTERNAL, parents).end();
        assertThat(only().getTraceId()).isEqualTo(TRACE);
        assertThat(only().getLinks())
                .hasSize(64)
                .first()
                .extracting(LinkData::getSpanContext)
                .satisfies(
                        context ->
                                assertThat(context.getTraceId()).isEqualTo("0".repeat(31) + "1"));
    }

    @Test
    void a_call_within_a_span_is_its_child_and_messages_carry_the_trace() {
        Span around = tracing.follow("work", SpanKind.INTERNAL, PARENT);
        String logged =
                tracing.within(
                        around,
                        () -> {
                            Tracing.call("POST /quotes").end();
                            return MDC.get(Tracing.TRACE_ID);
                        });
        assertThat(logged).isEqualTo(TRACE);
        assertThat(MDC.get(Tracing.TRACE_ID)).isNull();
        assertThat(only().getParentSpanId()).isEqualTo(around.getSpanContext().getSpanId());
        assertThat(only().getKind()).isEqualTo(SpanKind.CLIENT);
        around.end();
        assertThat(Tracing.call("POST /quotes").isRecording()).isFalse();
    }
}
