// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Buys with the money of two wallets at a time, over HTTP, and remembers what was acknowledged.
final class Shopper implements AutoCloseable {

    private static final int WALLETS = 12;
    private static final long FILLED = 20_000;
    private static final String CANNOT_BE_REACHED = "it cannot be told anything";

    final Set<String> ordered = ConcurrentHashMap.newKeySet();
    private final HttpClient client = HttpClient.newHttpClient();

    void fillWallets(URI uri) throws IOException, InterruptedException {
        for (int wallet = 0; wallet < WALLETS; wallet++) {
            put(uri, "/wallets/w" + wallet, "{\"amount\":" + FILLED + "}");
        }
    }

    /// Orders until the server is gone; some purchases are cancelled at once.
    void order(URI uri, String name, AtomicBoolean isOver) {
        Random choices = new Random(name.hashCode());
        for (int number = 0; !isOver.get(); number++) {
            String id = "p" + name + "-" + number;
            int first = choices.nextInt(WALLETS);
            int second = (first + 1 + choices.nextInt(WALLETS - 1)) % WALLETS;
            String body =
                    "{\"shares\":[{\"wallet\":\"w%d\",\"amount\":%d},{\"wallet\":\"w%d\",\"amount\":%d}]}"
                            .formatted(
                                    first,
                                    1 + choices.nextInt(400),
                                    second,
                                    1 + choices.nextInt(400));
            try {
                if (put(uri, "/purchases/" + id, body) == 200) {
                    ordered.add(id);
                    if (choices.nextInt(4) == 0) {
                        send(uri, "POST", "/purchases/" + id + "/cancel", "");
                    }
                }
            } catch (IOException _) {
                return; // killed: whether it was ordered the log knows
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private int put(URI uri, String path, String body) throws IOException, InterruptedException {
        return send(uri, "PUT", path, body);
    }

    private int send(URI uri, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(uri.resolve(path))
                        .timeout(Duration.ofSeconds(20))
                        .method(method, BodyPublishers.ofString(body))
                        .build();
        return client.send(request, BodyHandlers.ofString()).statusCode();
    }

    /// G8: whoever has not ended moves by itself. One whose partition is away says so meanwhile,
    /// and is tried again.
    ///
    /// @return how many have not ended
    int everyOneMovesByItself(URI uri) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri.resolve("/sagas?limit=200")).build();
        JsonNode page =
                JsonMapper.shared().readTree(client.send(request, BodyHandlers.ofString()).body());
        if (!page.has("items")) {
            return 1; // not ready yet
        }
        for (JsonNode row : page.path("items")) {
            if (!row.path("reason").asString().startsWith(CANNOT_BE_REACHED)) {
                assertThat(row.path("status").asString()).as("%s", row).isEqualTo("LIVE");
            }
        }
        return page.path("items").size();
    }

    @Override
    public void close() {
        client.close();
    }
}
