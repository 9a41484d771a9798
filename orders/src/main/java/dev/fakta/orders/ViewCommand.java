// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Looks at the views of a running node.
@Command(
        name = "view",
        mixinStandardHelpOptions = true,
        description = "Works on a running node's views.",
        subcommands = ViewCommand.List.class)
final class ViewCommand {

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the views and how far they are behind.")
    static final class List implements Callable<Integer> {

        private static final Duration PATIENCE = Duration.ofSeconds(5);

        @Option(
                names = "--url",
                paramLabel = "URL",
                defaultValue = "http://127.0.0.1:8080",
                description = "the node (default: ${DEFAULT-VALUE})")
        private URI url;

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
                HttpRequest request =
                        HttpRequest.newBuilder(url.resolve("/health/ready"))
                                .timeout(PATIENCE)
                                .build();
                JsonNode health =
                        JsonMapper.shared()
                                .readTree(client.send(request, BodyHandlers.ofString()).body());
                System.out.printf(
                        "%-20s %7s %12s %10s %7s%n",
                        "view", "version", "events behind", "seconds", "parked");
                for (JsonNode view : health.path("views")) {
                    System.out.printf(
                            Locale.ROOT,
                            "%-20s %7d %12d %10.1f %7d%n",
                            view.path("view").asString(),
                            view.path("version").asInt(),
                            view.path("events").asLong(),
                            view.path("seconds").asDouble(),
                            view.path("parkedStreams").asInt());
                }
                return CommandLine.ExitCode.OK;
            }
        }
    }
}
