// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.Cause;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a client sent, checked. Every fault is a [ProblemException].
final class Request implements AutoCloseable {

    static final HeaderName TOKEN = HeaderNames.create("Fakta-Token");
    private static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("Idempotency-Key");
    private static final HeaderName TRACE_PARENT = HeaderNames.create("traceparent");
    private static final int LONGEST_KEY = 255;
    private static final int LONGEST_ID = 100;
    private static final int LONGEST_TOKEN = 4_096;
    private static final Pattern JSON = Pattern.compile("(?i)application/json *(;|$)");
    private static final Pattern TRACE =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final Pattern DOTS = Pattern.compile("\\.+");
    private static final Pattern REVISION = Pattern.compile("[0-9]{1,18}");
    private static final byte[] NO_BODY = new byte[0];

    private final ServerRequest http;
    private final Route route;
    private final Bodies.Share memory;

    /// @param memory for its body; given back with the request
    Request(ServerRequest http, Route route, Bodies.Share memory) {
        this.http = http;
        this.route = route;
        this.memory = memory;
    }

    @Override
    public void close() {
        memory.close();
    }

    byte[] body(int longest) {
        String type = header(HeaderNames.CONTENT_TYPE);
        if (type != null && !JSON.matcher(type).lookingAt()) {
            throw new ProblemException(Problem.wrongMediaType());
        }
        if (!http.content().hasEntity()) {
            return NO_BODY;
        }
        return memory.read(
                http.content().inputStream(), http.headers().contentLength().orElse(-1), longest);
    }

    /// The body as a record of this type.
    <T> T read(Class<T> type, byte[] body) {
        return Json.Reader.of(type, route).read(body, this);
    }

    /// The path's first parameter.
    String id() {
        return parameter(route.parameters().getFirst());
    }

    /// A parameter of the path, checked: it may become part of a stream's name.
    String parameter(String name) {
        return checkedId(name, http.path().pathParameters().get(name));
    }

    /// An id as it may become part of a stream's name and of a path.
    static String checkedId(String field, String id) {
        if (id.isEmpty()
                || id.length() > LONGEST_ID
                || !id.chars().allMatch(Request::isIdCharacter)
                || DOTS.matcher(id).matches()) {
            throw new ProblemException(
                    Problem.unreadable(
                            field,
                            "1 to %d characters of a-z, A-Z, 0-9, '.', '_', '~', '@', ':' and '-', not only dots"
                                    .formatted(LONGEST_ID)));
        }
        return id;
    }

    private static boolean isIdCharacter(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '.'
                || c == '_'
                || c == '~'
                || c == '@'
                || c == ':'
                || c == '-';
    }

    /// The query's parameters; a name that comes twice is a fault.
    Map<String, String> parameters() {
        UriQuery query = http.query();
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String name : query.names()) {
            if (query.all(name).size() != 1) {
                throw new ProblemException(Problem.unreadable(name, "given more than once"));
            }
            parameters.put(name, query.get(name));
        }
        return parameters;
    }

    /// The revision that `If-Match` asks for, or -1.
    long expectedRevision() {
        String header = header(HeaderNames.IF_MATCH);
        if (header == null || header.equals("*")) {
            return -1;
        }
        String bare =
                header.length() > 2 && header.startsWith("\"") && header.endsWith("\"")
                        ? header.substring(1, header.length() - 1)
                        : header;
        if (!REVISION.matcher(bare).matches()) {
            throw new ProblemException(
                    Problem.unreadable("If-Match", "a revision in quotes, as an ETag has it"));
        }
        return Long.parseLong(bare);
    }

    /// A revision that stands in the query.
    static long revision(String parameter, String text) {
        if (!REVISION.matcher(text).matches()) {
            throw new ProblemException(Problem.unreadable(parameter, "a whole number"));
        }
        return Long.parseLong(text);
    }

    /// What the client has seen, as it says.
    ///
    /// @param partitions of the log
    Token token(int partitions) {
        String header = header(TOKEN);
        if (header == null) {
            return Token.NONE;
        }
        try {
            Token token = Token.parse(header);
            int[] named = token.positions().partitions();
            if (header.length() <= LONGEST_TOKEN
                    && (named.length == 0 || named[named.length - 1] < partitions)) {
                return token;
            }
        } catch (IllegalArgumentException _) {
            // refused below, with what is too long or of another log
        }
        throw new ProblemException(Problem.unreadable("Fakta-Token", "not a token of this system"));
    }

    /// The digest that ids of this request follow from, when it has an idempotency key.
    byte @Nullable [] keyDigest() {
        String key = header(IDEMPOTENCY_KEY);
        if (key == null) {
            return null;
        }
        if (key.isBlank() || key.length() > LONGEST_KEY) {
            throw new ProblemException(
                    Problem.unreadable(
                            "Idempotency-Key", "1 to %d characters".formatted(LONGEST_KEY)));
        }
        return Ids.digest(http.prologue().method().text() + ' ' + http.path().path(), key);
    }

    /// @param seen the hybrid time of what the client has seen, or 0
    Cause cause(byte @Nullable [] keyDigest, byte[] body, Set<String> permissions, long seen) {
        UUID commandId = keyDigest == null ? Cause.freshId() : Ids.commandId(keyDigest);
        String trace = traceParent();
        UUID correlation = trace.isEmpty() ? commandId : traceId(trace);
        return new Cause(
                commandId,
                keyDigest == null ? 0 : Ids.hash(body),
                correlation,
                correlation,
                "",
                permissions,
                trace,
                seen);
    }

    /// A W3C trace context that is well-formed, or an empty text.
    private String traceParent() {
        String header = header(TRACE_PARENT);
        return header != null && TRACE.matcher(header).matches() ? header : "";
    }

    private static UUID traceId(String trace) {
        return new UUID(
                Long.parseUnsignedLong(trace, 3, 19, 16),
                Long.parseUnsignedLong(trace, 19, 35, 16));
    }

    @Nullable String header(String name) {
        return header(HeaderNames.create(name));
    }

    private @Nullable String header(HeaderName name) {
        return http.headers().first(name).orElse(null);
    }
}
