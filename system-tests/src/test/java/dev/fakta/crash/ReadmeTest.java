// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the README says to try, as a newcomer types it: run by a shell on a plain server.
final class ReadmeTest {

    private static final Path README = Path.of("..", "README.md");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern LOCATION = Pattern.compile("(?im)^Location: (\\S+)");

    @TempDir Path data;

    @Test
    void its_commands_place_one_order_that_is_there_after_a_kill_and_goes_on() throws Exception {
        String order;
        try (ServerProcess server = ServerProcess.start(data)) {
            order = placed(server.uri());
            assertThat(placed(server.uri())).as("sent twice").isEqualTo(order);
            server.kill();
        }
        try (ServerProcess server = ServerProcess.start(data)) {
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(body(server.uri().resolve(order)))
                                            .contains("\"status\":\"Confirmed\""));
        }
    }

    /// Where the order is that the README's commands place.
    private String placed(URI server) throws IOException, InterruptedException {
        String answers = shell(commands().replace("localhost:8080", server.getAuthority()));
        Matcher location = LOCATION.matcher(answers);
        assertThat(location.find()).as(answers).isTrue();
        return location.group(1);
    }

    /// The indented block that begins with `json=`.
    private static String commands() throws IOException {
        String page = Files.readString(README);
        int begin = page.indexOf("    json=");
        assertThat(begin).isPositive();
        return page.substring(begin, page.indexOf("\n\n", begin));
    }

    private String shell(String commands) throws IOException, InterruptedException {
        Path output = data.resolve("answers");
        Process shell =
                new ProcessBuilder("bash", "-c", commands)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        assertThat(shell.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return Files.readString(output);
    }

    private static String body(URI uri) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
            return client.send(request, BodyHandlers.ofString()).body();
        }
    }
}
