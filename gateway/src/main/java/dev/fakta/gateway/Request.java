// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fakta.runtime.Cause;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import java.io.InputStream;
import java.net.URLDecoder;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// What a client sent, checked. Every fault is a [ProblemException].
final class Request implements AutoCloseable {

    static final String TOKEN_NAME = "Fakta-Token";
    static final HeaderName TOKEN = HeaderNames.create(TOKEN_NAME);
    private static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("Idempotency-Key");
    private static final HeaderName TRACE_PARENT = HeaderNames.create("traceparent");
    static final int LONGEST_KEY = 255;
    static final int LONGEST_ID = 100;
    private static final int LONGEST_TOKEN = 4_096;
    private static final Pattern TRACE =
            Pattern.compile("00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    private static final Pattern AMPERSAND = Pattern.compile("&");
    private static final Pattern DOTS = Pattern.compile("\\.+");
    private static final Pattern REVISION = Pattern.compile("0|[1-9][0-9]{0,17}");
    private static final byte[] NO_BODY = new byte[0];

    private final ServerRequest http;
    private final Route route;
    private final Map<String, Integer> longest;
    private final Bodies.Share memory;
    private final Caller caller;
    private final Reach reach;

    /// @param caller who sends it
    /// @param reach whose things it may be about
    /// @param longest how many characters a parameter of the path may have, where that is less than
    ///   an id may
    /// @param memory for its body; given back with the request
    Request(
            ServerRequest http,
            Route route,
            Caller caller,
            Reach reach,
            Map<String, Integer> longest,
            Bodies.Share memory) {
        this.caller = caller;
        this.reach = reach;
        this.longest = longest;
        this.http = http;
        this.route = route;
        this.memory = memory;
    }

    @Override
    public void close() {
        memory.close();
    }

    /// Who sends it.
    Caller caller() {
        return caller;
    }

    /// Whose things it may be about.
    Reach reach() {
        return reach;
    }

    /// Its body, unpacked.
    ///
    /// @param longest the largest that is taken, in bytes
    byte[] body(int longest) {
        Negotiation.requireJson(http.headers());
        Negotiation.Packing packing = Negotiation.packing(http.headers());
        if (!http.content().hasEntity()) {
            return NO_BODY;
        }
        InputStream content = http.content().inputStream();
        long length = http.headers().contentLength().orElse(-1);
        return switch (packing) {
            case NONE -> memory.read(content, length, longest);
            case GZIP -> memory.unpack(content, length, longest);
        };
    }

    /// Whether its body has many requests, one a line.
    boolean hasLines() {
        return Negotiation.hasLines(http.headers());
    }

    /// Its body, unpacked, to be read bit by bit.
    ///
    /// @throws ProblemException when it is not packed as it says
    InputStream content() {
        Negotiation.Packing packing = Negotiation.packing(http.headers());
        if (!http.content().hasEntity()) {
            return InputStream.nullInputStream();
        }
        InputStream content = http.content().inputStream();
        return switch (packing) {
            case NONE -> content;
            case GZIP ->
                    memory.inTime(
                            () -> new GZIPInputStream(content),
                            "the body is not gzip, or not all of it");
        };
    }

    /// Which number the first line of its body has.
    long firstLine() {
        String header = header(BulkRequests.FIRST_LINE);
        if (header == null) {
            return 1;
        }
        if (!REVISION.matcher(header).matches() || header.equals("0")) {
            throw new ProblemException(
                    Problem.unreadable(BulkRequests.FIRST_LINE, "a whole number, from 1"));
        }
        return Long.parseLong(header);
    }

    /// The body as a record of this type.
    <T> T read(Class<T> type, byte[] body) {
        return Json.Reader.of(type, route, Set.of(), _ -> List.of()).read(body, this);
    }

    /// The id that is made of the path's parameters.
    ///
    /// @param form as in `{sku}@{location}`
    String id(String form) {
        String id = form;
        for (String name : route.parameters()) {
            id = id.replace("{" + name + "}", parameter(name));
        }
        return checkedId(route.parameters().getFirst(), id);
    }

    /// The path's parameters, checked.
    Map<String, String> pathParameters() {
        Map<String, String> all = new LinkedHashMap<>();
        for (String name : route.parameters()) {
            all.put(name, parameter(name));
        }
        return all;
    }

    /// The path's first parameter.
    String id() {
        return parameter(route.parameters().getFirst());
    }

    /// A parameter of the path, checked: it may become part of a stream's name.
    String parameter(String name) {
        return checkedId(
                name,
                http.path().pathParameters().get(name),
                longest.getOrDefault(name, LONGEST_ID));
    }

    /// An id as it may become part of a stream's name and of a path.
    static String checkedId(String field, String id) {
        return checkedId(field, id, LONGEST_ID);
    }

    private static String checkedId(String field, String id, int longest) {
        if (id.isEmpty()
                || id.length() > longest
                || !id.chars().allMatch(Request::isIdCharacter)
                || DOTS.matcher(id).matches()) {
            throw new ProblemException(
                    Problem.unreadable(
                            field,
                            "1 to %d characters of a-z, A-Z, 0-9, '.', '_', '~', '@', ':' and '-', not only dots"
                                    .formatted(longest)));
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
        requireOnce(query.rawValue());
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String name : query.names()) {
            if (query.all(name).size() != 1) {
                throw new ProblemException(Problem.unreadable(name, "given more than once"));
            }
            parameters.put(name, query.get(name));
        }
        return parameters;
    }

    /// Helidon passes over a name that comes again without a value, as in `limit=1&limit`.
    private static void requireOnce(String query) {
        Set<String> names = new HashSet<>();
        for (String pair : AMPERSAND.split(query, -1)) {
            int end = (pair + "=").indexOf('=');
            String name = URLDecoder.decode(pair.substring(0, end), UTF_8);
            if (!pair.isEmpty() && !names.add(name)) {
                throw new ProblemException(Problem.unreadable(name, "given more than once"));
            }
        }
    }

    /// The query's parameters, when there are no others than these.
    ///
    /// @throws ProblemException 400 with all others
    Map<String, String> requireOnly(String... names) {
        Map<String, String> parameters = parameters();
        List<Fault> unknown =
                parameters.keySet().stream()
                        .filter(name -> !List.of(names).contains(name))
                        .map(Fault::unknown)
                        .toList();
        if (!unknown.isEmpty()) {
            throw new ProblemException(Problem.unreadable(unknown));
        }
        return parameters;
    }

    /// The request as it came.
    ServerRequest http() {
        return http;
    }

    boolean isHead() {
        return http.prologue().method().equals(Method.HEAD);
    }

    boolean prefersMinimal() {
        return Negotiation.prefersMinimal(http.headers());
    }

    /// Asks whether the client takes such an answer.
    ///
    /// @throws ProblemException 406 when it does not
    void requireAccepted(String type) {
        Negotiation.requireAccepted(http.headers(), type);
    }

    /// The one of these types that the client likes best.
    ///
    /// @throws ProblemException 406 when it takes none of them
    String accepted(List<String> types) {
        return Negotiation.accepted(http.headers(), types);
    }

    /// What `If-Match` and `If-None-Match` ask for.
    Precondition precondition() {
        return new Precondition(tags(HeaderNames.IF_MATCH), tags(HeaderNames.IF_NONE_MATCH));
    }

    private @Nullable EntityTags tags(HeaderName name) {
        List<String> values = http.headers().all(name, List::of);
        return values.isEmpty()
                ? null
                : EntityTags.parse(name.defaultCase(), String.join(",", values));
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

    /// The digest that ids of this request follow from, when it has an idempotency key. The same
    /// key of another caller is another one.
    byte @Nullable [] keyDigest() {
        return keyDigest("");
    }

    /// The same of one line of its body, whose key is that of the request, a slash and its number.
    byte @Nullable [] keyDigest(long line) {
        return keyDigest("/" + line);
    }

    private byte @Nullable [] keyDigest(String behind) {
        String key = header(IDEMPOTENCY_KEY);
        if (key == null) {
            return null;
        }
        if (key.isBlank() || key.length() > LONGEST_KEY) {
            throw new ProblemException(
                    Problem.unreadable(
                            "Idempotency-Key", "1 to %d characters".formatted(LONGEST_KEY)));
        }
        String what = http.prologue().method().text() + ' ' + http.path().path();
        return Ids.digest(
                caller.name().isEmpty() ? what : caller.name() + '\n' + what, key + behind);
    }

    /// @param seen the hybrid time of what the client has seen, or 0
    Cause cause(byte @Nullable [] keyDigest, byte[] body, long seen) {
        UUID commandId = keyDigest == null ? Cause.freshId() : Ids.commandId(keyDigest);
        String trace = RequestSpans.Parent.of(http);
        UUID correlation = trace.isEmpty() ? commandId : traceId(trace);
        return new Cause(
                commandId,
                keyDigest == null ? 0 : Ids.hash(body),
                correlation,
                correlation,
                caller.name(),
                caller.permissions(),
                trace,
                seen);
    }

    /// A W3C trace context that is well-formed, or an empty text.
    static String traceParent(ServerRequest http) {
        String header = http.headers().first(TRACE_PARENT).orElse(null);
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
