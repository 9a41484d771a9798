// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.Tracing;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import org.slf4j.MDC;

/// Makes a span of each request to a route, with the attributes of OpenTelemetry's conventions for
/// HTTP. What follows from the request continues its trace.
final class RequestSpans {

    private final Tracing tracing;

    RequestSpans(Tracing tracing) {
        this.tracing = tracing;
    }

    /// The trace parent of what follows from a request; kept with the request.
    record Parent(String text) {
        /// That of the request's span, or else the one that it came with.
        static String of(ServerRequest request) {
            return request.context()
                    .get(Parent.class)
                    .map(Parent::text)
                    .orElseGet(() -> Request.traceParent(request));
        }
    }

    /// @param handler answers what goes wrong itself, so that the status is known behind it
    Handler of(String method, String route, Handler handler) {
        return tracing.isOn()
                ? (request, response) -> handle(method, route, handler, request, response)
                : handler;
    }

    private void handle(
            String method,
            String route,
            Handler handler,
            ServerRequest request,
            ServerResponse response)
            throws Exception {
        String parent = Request.traceParent(request);
        Span span = tracing.begin(method + ' ' + route, SpanKind.SERVER, parent);
        request.context().register(new Parent(Tracing.parent(span, parent)));
        try (MDC.MDCCloseable _ = Tracing.logging(span)) {
            handler.handle(request, response);
        } finally {
            if (span.isRecording()) {
                int status = response.status().code();
                span.setAttribute("http.request.method", method)
                        .setAttribute("http.route", route)
                        .setAttribute("url.path", request.path().path())
                        .setAttribute("url.scheme", request.isSecure() ? "https" : "http")
                        .setAttribute("http.response.status_code", status);
                if (status >= 500) {
                    span.setStatus(StatusCode.ERROR);
                }
            }
            span.end();
        }
    }
}
