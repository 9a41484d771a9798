// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The command line's options for traces.
final class OtlpOptions {

    @Option(
            names = "--otlp",
            paramLabel = "URL",
            description =
                    "send traces to an OpenTelemetry collector by OTLP over HTTP, such as http://127.0.0.1:4318 (default: none are made)")
    private @Nullable URI collector;

    @Option(
            names = "--trace-share",
            paramLabel = "SHARE",
            description =
                    "the part of all requests of which a trace is made, 0 to 1, unless the caller has decided it by its traceparent (default: ${DEFAULT-VALUE})",
            defaultValue = "0.01")
    private double share;

    /// Where traces go; `null` when none are made.
    ///
    /// @param service what the traces are of
    /// @param node which of its nodes
    /// @throws IllegalArgumentException naming the option
    @Nullable OtlpTraces open(String service, String node) {
        URI to = collector;
        if (to == null) {
            return null;
        }
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("--trace-share: 0 to 1, not " + share);
        }
        boolean isHttp = "http".equals(to.getScheme()) || "https".equals(to.getScheme());
        if (!isHttp || to.getHost() == null) {
            throw new IllegalArgumentException("--otlp: such as http://127.0.0.1:4318, not " + to);
        }
        try {
            return OtlpTraces.open(to, share, service, node);
        } catch (NoClassDefFoundError _) {
            throw new IllegalArgumentException(
                    "--otlp: this program lacks io.opentelemetry:opentelemetry-sdk, opentelemetry-exporter-otlp and opentelemetry-exporter-sender-jdk");
        }
    }
}
