// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.Node;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// `GET /openapi.json`: what is served here, for programs and for who writes them. It is open to
/// anybody, since it says how to ask and not what would be answered, and a client is made before it
/// has credentials.
///
/// The document is made when it is first asked for, so that no start waits for it, and then kept.
final class OpenApi {

    static final String PATH = "/openapi.json";

    private final Node node;
    private final Routes routes;
    private final List<Routes.Line> lines;
    private @Nullable Written written;

    /// @param served the lines beside this one
    /// @param events that of the event stream
    OpenApi(Node node, Routes routes, List<Routes.Line> served, Routes.Line events) {
        this.node = node;
        this.routes = routes;
        this.lines = new ArrayList<>(served);
        lines.add(events);
        lines.add(line());
    }

    @SuppressWarnings("ArrayRecordComponent") // nobody compares by it
    private record Written(byte[] text, String tag) {}

    Routes.Line line() {
        return new Routes.Line(
                new Route.Operation(Routes.Method.GET, PATH, Route.JSON, this::serve),
                RouteAccess.ANYBODY);
    }

    private synchronized Written document() {
        Written document = written;
        if (document == null) {
            byte[] text = Json.write(ApiDocument.of(node, routes, lines));
            document = new Written(text, "\"" + UUID.nameUUIDFromBytes(text) + "\"");
            written = document;
        }
        return document;
    }

    private void serve(Request request, ServerResponse response) {
        for (String name : request.parameters().keySet()) {
            throw new ProblemException(Problem.unreadable(name, "there is no such parameter"));
        }
        Written document = document();
        response.header(HeaderNames.ETAG, document.tag).header(SecureHeaders.ASK_AGAIN_FOR_ALL);
        EntityTags known = request.precondition().noneMatch();
        if (known != null && known.has(document.tag)) {
            Answers.notModified(response);
        } else {
            response.header(HeaderNames.CONTENT_TYPE, Route.JSON);
            Answers.send(request.http(), response, document.text);
        }
    }
}
