// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.Main;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./fakta run` without `--trusted`: who it lets in.
class FirstStartTest {

    private static final String TOLD = "admin key, shown this once: ";

    @TempDir Path data;

    private ServerProcess start() throws Exception {
        return ServerProcess.start(List.of(Main.class.getName(), "run"), data);
    }

    private static List<String> told(ServerProcess server) {
        return server.printed().stream()
                .filter(line -> line.startsWith(TOLD))
                .map(line -> line.substring(TOLD.length()))
                .toList();
    }

    /// Lists a product, and reads what was recorded.
    private static HttpResponse<String> send(
            HttpClient client, ServerProcess server, String method, String path, String... headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri().resolve(path))
                        .method(
                                method,
                                method.equals("PUT")
                                        ? BodyPublishers.ofString(
                                                """
                                                {"name":"Tea","prices":[{"minor":1,"currency":"EUR"}],
                                                 "taxCategory":"STANDARD","weightGrams":1,"categories":[]}
                                                """)
                                        : BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void shows_a_key_that_opens_it_then_and_later() throws Exception {
        String key;
        try (HttpClient client = HttpClient.newHttpClient()) {
            try (ServerProcess server = start()) {
                assertThat(send(client, server, "PUT", "/products/tea").statusCode())
                        .isEqualTo(401);
                assertThat(send(client, server, "GET", "/health/ready").statusCode())
                        .isEqualTo(200);
                key = told(server).getFirst();
                assertThat(Files.readString(data.resolve("admin.key"))).isEqualTo(key + "\n");
                assertThat(Files.getPosixFilePermissions(data.resolve("admin.key")))
                        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
                assertThat(server.stop()).isZero();
            }
            try (ServerProcess server = start()) {
                String[] header = {"Authorization", "Bearer " + key};
                assertThat(told(server)).isEmpty();
                assertThat(send(client, server, "PUT", "/products/tea", header).statusCode())
                        .isEqualTo(200);
                assertThat(send(client, server, "GET", "/products/tea/events", header).body())
                        .contains("\"actor\":\"admin\"")
                        .doesNotContain(key);
                assertThat(server.stop()).isZero();
            }
        }
    }
}
