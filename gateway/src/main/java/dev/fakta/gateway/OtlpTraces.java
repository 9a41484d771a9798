// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.Tracing;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;

/// Sends traces to a collector, in batches and beside everything else: while the collector is away
/// or slow, spans are dropped and nothing waits. The only class that needs OpenTelemetry's SDK.
final class OtlpTraces implements AutoCloseable {

    private static final int MOST_WAITING = 8_192;
    private static final Duration SEND_EVERY = Duration.ofSeconds(1);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private final OpenTelemetrySdk sdk;

    private OtlpTraces(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
    }

    /// @param share of the traces that begin here, 0 to 1
    static OtlpTraces open(URI collector, double share, String service, String node) {
        String base = collector.toString().replaceAll("/+$", "");
        OtlpHttpSpanExporter exporter =
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(base + "/v1/traces")
                        .setTimeout(ANSWER_WITHIN)
                        .setCompression("gzip")
                        .build();
        Resource resource =
                Resource.getDefault()
                        .merge(
                                Resource.create(
                                        Attributes.builder()
                                                .put("service.name", service)
                                                .put("service.instance.id", node)
                                                .build()));
        return new OtlpTraces(
                OpenTelemetrySdk.builder()
                        .setTracerProvider(
                                SdkTracerProvider.builder()
                                        .setResource(resource)
                                        .setSampler(
                                                Sampler.parentBased(
                                                        Sampler.traceIdRatioBased(share)))
                                        .addSpanProcessor(
                                                BatchSpanProcessor.builder(exporter)
                                                        .setMaxQueueSize(MOST_WAITING)
                                                        .setScheduleDelay(SEND_EVERY)
                                                        .build())
                                        .build())
                        .build());
    }

    Tracing tracing() {
        return Tracing.by(sdk);
    }

    /// Sends what waits, for as long as the collector may take.
    @Override
    public void close() {
        sdk.close();
    }
}
