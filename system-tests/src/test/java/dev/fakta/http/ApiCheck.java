// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Holds what is sent and answered against the OpenAPI document of the server: every answer, and
/// every request that is carried out. What the server refuses may be anything.
public final class ApiCheck {

    private static final String BASE = "https://fakta.test/openapi.json";
    private static final String JSON = "application/json";
    private static final byte[] NO_FIELDS = {'{', '}'};

    private static final String LINES = "application/x-ndjson";

    /// Some programs write one before JSON, and it is read as none.
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final Pattern PARAMETER = Pattern.compile("\\{[a-zA-Z]+}");

    /// One for each document: most servers of the tests have the same.
    private static final Map<String, ApiCheck> ALL = new ConcurrentHashMap<>();

    private final JsonNode document;
    private final Schema whole;

    /// By the place in the document. The registry would read the document anew for each.
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    private final List<Path> paths = new ArrayList<>();

    private ApiCheck(String text) {
        this.document = JsonMapper.shared().readTree(text);
        this.whole =
                SchemaRegistry.withDialect(
                                Dialects.getOpenApi31(),
                                registry -> registry.schemas(Map.of(BASE, text)))
                        .getSchema(SchemaLocation.of(BASE));
        for (String template : document.path("paths").propertyNames()) {
            String[] parts = PARAMETER.split(template, -1);
            String regex = String.join("[^/]+", Arrays.stream(parts).map(Pattern::quote).toList());
            paths.add(new Path(template, Pattern.compile(regex)));
        }
        paths.sort(Comparator.comparingLong(Path::parameters));
    }

    private record Path(String template, Pattern pattern) {
        long parameters() {
            return template.chars().filter(c -> c == '{').count();
        }
    }

    /// The check of a document.
    public static ApiCheck of(String document) {
        return ALL.computeIfAbsent(document, ApiCheck::new);
    }

    /// Asserts that the document of the server that has answered says all this.
    ///
    /// @param sent the body of the request
    public static HttpResponse<String> checked(
            HttpClient client, String sent, HttpResponse<String> response)
            throws IOException, InterruptedException {
        HttpRequest request = response.request();
        URI uri = request.uri();
        URI document = uri.resolve("/openapi.json");
        String text =
                client.send(HttpRequest.newBuilder(document).build(), BodyHandlers.ofString())
                        .body();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        Answer answer =
                new Answer(
                        request.method() + " " + uri.getRawPath() + query,
                        response.statusCode(),
                        response.headers(),
                        response.body());
        String target = uri.getRawPath() + query;
        of(text).check(request.method(), target, sent.getBytes(StandardCharsets.UTF_8), answer);
        return response;
    }

    /// Asserts that the document says all this of them.
    ///
    /// @param body of the request; `null` when it is packed
    public void check(String method, String target, byte @Nullable [] body, Answer answer) {
        int end = (target + "?").indexOf('?');
        String path = target.substring(0, end);
        String verb = method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT);
        String template = template(path, verb);
        if (template == null) {
            assertThat(answer.status())
                    .as("%s is in no document%n%s", answer.request(), answer.body())
                    .isGreaterThanOrEqualTo(method.equals("OPTIONS") ? 204 : 400);
            return;
        }
        String operation = "/paths/" + escaped(template) + "/" + verb;
        if (verb.equals("post") && answer.header("Content-Type").equals(LINES)) {
            checkBulk(operation, answer);
            return;
        }
        checkAnswer(operation, answer, method.equals("HEAD"));
        if (answer.status() < 300) {
            checkQuery(operation, target.substring(Math.min(target.length(), end + 1)), answer);
            if (body != null) {
                checkBody(operation, body, answer);
            }
        }
    }

    /// That of the path with the fewest parameters, as the server finds it.
    private @Nullable String template(String path, String verb) {
        return paths.stream()
                .filter(one -> one.pattern.matcher(path).matches())
                .map(Path::template)
                .filter(one -> document.path("paths").path(one).has(verb))
                .findFirst()
                .orElse(null);
    }

    /// A body of many lines, each of which is answered as a single request is.
    private void checkBulk(String operation, Answer answer) {
        JsonNode bulk = document.at(operation).path("x-bulk");
        assertThat(bulk.path("contentType").asString("")).as(answer.request()).isEqualTo(LINES);
        assertThat(answer.status()).isEqualTo(bulk.path("status").asInt());
        answer.body()
                .lines()
                .map(JsonMapper.shared()::readTree)
                .forEach(
                        line -> {
                            String status = line.path("status").asString();
                            assertThat(document.at(operation + "/responses/" + status).isObject())
                                    .as("%s in a line of %s", status, answer.request())
                                    .isTrue();
                            if (line.has("problem")) {
                                String schema = "/components/schemas/Problem";
                                validate(schema, line.path("problem"), answer, "a line");
                            }
                        });
    }

    private void checkAnswer(String operation, Answer answer, boolean isHead) {
        String responses = operation + "/responses/";
        String status = Integer.toString(answer.status());
        boolean isListed = document.at(responses + status).isObject();
        assertThat(isListed || answer.status() >= 400)
                .as("%s answers %s, which no document says", answer.request(), status)
                .isTrue();
        String at = resolved(responses + (isListed ? status : "default"));
        for (String header : document.at(at).path("headers").propertyNames()) {
            if (Set.of("ETag", "Location", "Retry-After", "WWW-Authenticate").contains(header)) {
                assertThat(answer.header(header))
                        .as("%s of %s", header, answer.request())
                        .isNotEmpty();
            }
        }
        if (answer.body().isEmpty()) {
            return;
        }
        String type = answer.header("Content-Type").split(";", -1)[0];
        String schema = at + "/content/" + escaped(type) + "/schema";
        assertThat(document.at(schema).isMissingNode())
                .as("%s answers %s %s, which no document says", answer.request(), status, type)
                .isFalse();
        if (isHead) {
            return;
        }
        if (type.equals(LINES)) {
            String item = at + "/content/" + escaped(JSON) + "/schema/properties/items/items";
            answer.body()
                    .lines()
                    .map(JsonMapper.shared()::readTree)
                    .forEach(line -> validate(item, line, answer, "a line"));
        } else if (type.endsWith("json")) {
            validate(schema, answer.json(), answer, "the answer");
        }
    }

    private void checkQuery(String operation, String query, Answer answer) {
        Map<String, String> described = new HashMap<>();
        int parameters = document.at(operation).path("parameters").size();
        for (int i = 0; i < parameters; i++) {
            String at = operation + "/parameters/" + i;
            if (document.at(at).path("in").asString("").equals("query")) {
                described.put(document.at(at).path("name").asString(), at + "/schema");
            }
        }
        for (String one : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            if (one.isEmpty()) {
                continue;
            }
            int equals = (one + "=").indexOf('=');
            String name = decoded(one.substring(0, equals));
            assertThat(described).as("parameters of %s", answer.request()).containsKey(name);
            String text = decoded(one.substring(Math.min(one.length(), equals + 1)));
            String schema = described.get(name);
            boolean isNumber = document.at(schema).path("type").asString("").equals("integer");
            JsonMapper json = JsonMapper.shared();
            JsonNode value = isNumber ? json.readTree(text) : json.valueToTree(text);
            validate(schema, value, answer, "the parameter " + name);
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /// A request without a body is one without fields.
    private void checkBody(String operation, byte[] body, Answer answer) {
        String schema = operation + "/requestBody/content/" + escaped(JSON) + "/schema";
        if (document.at(schema).isMissingNode()) {
            assertThat(new String(body, StandardCharsets.UTF_8).replace(BYTE_ORDER_MARK, ""))
                    .as("the body of %s", answer.request())
                    .isIn("", "{}");
            return;
        }
        try {
            JsonNode sent = JsonMapper.shared().readTree(body.length == 0 ? NO_FIELDS : body);
            validate(schema, sent, answer, "the request");
        } catch (JacksonException e) {
            throw new AssertionError(answer.request() + " was carried out, and is no JSON", e);
        }
    }

    private void validate(String at, JsonNode value, Answer answer, String what) {
        Schema schema =
                schemas.computeIfAbsent(
                        at,
                        place -> whole.getRefSchema(SchemaLocation.of("#" + place).getFragment()));
        assertThat(schema.validate(value))
                .as("%s of %s is not what the document says%n%s", what, answer.request(), value)
                .isEmpty();
    }

    private String resolved(String at) {
        String reference = document.at(at).path("$ref").asString("");
        return reference.isEmpty() ? at : reference.substring(1);
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
