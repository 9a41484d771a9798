// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Looks at the sagas of a running node, and has those that cannot go on by themselves go on.
@Command(
        name = "saga",
        mixinStandardHelpOptions = true,
        description = "Works on a running node's sagas.")
final class SagaCommand {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String NAME = "SAGA/ID";
    private static final String KEY = "FAKTA_KEY";

    @Spec private CommandSpec spec;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            scope = CommandLine.ScopeType.INHERIT,
            description = "the node (default: ${DEFAULT-VALUE})")
    private URI url;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            scope = CommandLine.ScopeType.INHERIT,
            description =
                    "a file with the key of an operator, as DIR/admin.key is (default: the environment's "
                            + KEY
                            + "; none for a node that is --trusted)")
    private @Nullable Path keyFile;

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the sagas that have not ended.")
    int list(
            @Option(names = "--state", description = "only those: live, stuck or parked")
                    String state,
            @Option(names = "--saga", description = "only instances of this saga") String saga)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%-40s %-7s %-24s %s%n", "saga", "state", "since", "reason");
        String after = "";
        while (after != null) {
            String query =
                    "/sagas?limit=200"
                            + parameter("state", state)
                            + parameter("saga", saga)
                            + parameter("after", after);
            JsonNode page = ask(HttpRequest.newBuilder(url.resolve(query)).GET());
            for (JsonNode row : page.path("items")) {
                out.printf(
                        "%-40s %-7s %-24s %s%n",
                        row.path("saga").asString() + "/" + row.path("id").asString(),
                        row.path("status").asString().toLowerCase(Locale.ROOT),
                        row.path("since").asString(),
                        row.path("reason").asString());
            }
            after = page.path("next").isNull() ? null : page.path("next").asString();
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private static String parameter(String name, String value) {
        return value == null || value.isEmpty()
                ? ""
                : "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = "Has a stuck or parked saga try again.")
    int retry(
            @Parameters(paramLabel = NAME) String name,
            @Option(names = "--reason", required = true) String reason,
            @Option(names = "--actor", defaultValue = "${sys:user.name}") String actor)
            throws IOException, InterruptedException {
        return act(name, "retry", reason, actor);
    }

    @Command(
            name = "skip",
            mixinStandardHelpOptions = true,
            description =
                    "Has a stuck saga go on without its step, a parked one without the input.")
    int skip(
            @Parameters(paramLabel = NAME) String name,
            @Option(names = "--reason", required = true) String reason,
            @Option(names = "--actor", defaultValue = "${sys:user.name}") String actor)
            throws IOException, InterruptedException {
        return act(name, "skip", reason, actor);
    }

    @Command(
            name = "compensate",
            mixinStandardHelpOptions = true,
            description = "Has a saga undo what it did.")
    int compensate(
            @Parameters(paramLabel = NAME) String name,
            @Option(names = "--reason", required = true) String reason,
            @Option(names = "--actor", defaultValue = "${sys:user.name}") String actor)
            throws IOException, InterruptedException {
        return act(name, "compensate", reason, actor);
    }

    private int act(String name, String act, String reason, String actor)
            throws IOException, InterruptedException {
        if (name.chars().filter(c -> c == '/').count() != 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "a saga is named " + NAME + ", not " + name);
        }
        String body =
                JsonMapper.shared().writeValueAsString(Map.of("actor", actor, "reason", reason));
        JsonNode shown =
                ask(
                        HttpRequest.newBuilder(url.resolve("/sagas/" + name + "/" + act))
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(body)));
        PrintWriter out = spec.commandLine().getOut();
        out.println(name + " is " + shown.path("status").asString().toLowerCase(Locale.ROOT));
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private JsonNode ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        String key = keyFile == null ? System.getenv(KEY) : Files.readString(keyFile).strip();
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpResponse<String> answer =
                    client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
            JsonNode body = JsonMapper.shared().readTree(answer.body());
            if (answer.statusCode() != 200) {
                throw new IOException(
                        "%d: %s".formatted(answer.statusCode(), body.path("detail").asString()));
            }
            return body;
        }
    }
}
