// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.gateway.Caller;
import dev.fakta.gateway.CallerRole;
import dev.fakta.gateway.Gateway;
import dev.fakta.gateway.GatewaySettings;
import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.orders.OrderManagement;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Role;
import dev.fakta.views.ViewPlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Order management on its embedded log, served on a free port of this machine, and a client of it.
/// No saga runs: an order goes on when a test says so. Headers are given as name, value, name,
/// value.
final class Shop implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Caller STAFF =
            Caller.named("", CallerRole.STAFF, CallerRole.OPERATOR, CallerRole.CUSTOMER);
    private static final Set<Role> NO_SAGAS = EnumSet.complementOf(EnumSet.of(Role.SAGA));

    private final EventLog log;
    private final Node node;
    private final Gateway gateway;
    private final boolean isDocumented;
    private volatile @Nullable ApiCheck api;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Shop(Path directory, ViewPlace views, GatewaySettings serving, boolean isDocumented) {
        this.isDocumented = isDocumented;
        this.log =
                LogDirectory.open(
                        directory.resolve("log"),
                        OrderManagement.MICROSYSTEMS.streams(),
                        SegmentLogSettings.defaults());
        NodeSettings settings =
                NodeSettings.embedded(directory).withViews(views).withRoles(NO_SAGAS);
        this.node = Node.start(settings, OrderManagement.MICROSYSTEMS, log, InstantSource.system());
        this.gateway = Gateway.start(node, serving, OrderManagement::routes);
    }

    private static GatewaySettings trusting(Caller caller) {
        return GatewaySettings.onLoopback(0).trusting(caller);
    }

    /// A shop whose callers may do nothing beyond the ordinary.
    static Shop open(Path directory) {
        return new Shop(directory, files(directory), trusting(STAFF), true);
    }

    /// A shop that is asked for what stands in no document.
    static Shop openForOldPaths(Path directory) {
        return new Shop(directory, files(directory), trusting(STAFF), false);
    }

    /// A shop whose callers may give the fields that only an import may give.
    static Shop openForImports(Path directory) {
        return new Shop(directory, files(directory), trusting(Caller.trusted()), true);
    }

    /// A shop that takes every caller at its word: see [Keys].
    static Shop openForCallers(Path directory) {
        return new Shop(
                directory,
                files(directory),
                GatewaySettings.onLoopback(0)
                        .authenticating((credentials, _) -> Keys.believe(credentials)),
                true);
    }

    /// A shop that keeps its views in a PostgreSQL.
    static Shop openWithDatabase(Path directory, String url) {
        return new Shop(directory, new ViewPlace.Database(url), trusting(Caller.trusted()), true);
    }

    private static ViewPlace files(Path directory) {
        return new ViewPlace.Directory(directory.resolve("views"));
    }

    /// The offsets of everything that was ever recorded.
    Positions heads() {
        return log.heads();
    }

    /// The names of the events that were recorded after these offsets.
    List<String> recordedSince(Positions before) {
        Positions until = log.heads();
        List<String> names = new ArrayList<>();
        try (LogReader reader = log.reader(before)) {
            while (!reader.positions().covers(until)) {
                for (LogRecord record : reader.next(1_000, PATIENCE)) {
                    if (record instanceof EventRecord event) {
                        names.add(event.event().name());
                    }
                }
            }
        }
        return names;
    }

    /// Tells an order what other systems would: no route does. The order has to take it.
    void tell(String orderId, Order.Command... commands) {
        tell(Order.AGGREGATE, orderId, commands);
    }

    /// The same of a payment.
    void tellPayment(String id, Payment.Command... commands) {
        tell(Payment.AGGREGATE, id, commands);
    }

    /// The same of a shipment.
    void tellShipment(String id, Shipment.Command... commands) {
        tell(Shipment.AGGREGATE, id, commands);
    }

    @SafeVarargs
    private <C> void tell(Aggregate<C, ?, ?> aggregate, String id, C... commands) {
        for (C command : commands) {
            Reply<?> reply = node.await(node.send(aggregate, id, command, Cause.fresh()));
            assertThat(reply).as("%s", command).isInstanceOf(Reply.Accepted.class);
        }
    }

    int port() {
        return gateway.port();
    }

    Answer get(String path, String... headers) {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    Answer put(String path, JsonNode body, String... headers) {
        return send("PUT", path, bytes(body), headers);
    }

    Answer put(String path, String body, String... headers) {
        return send("PUT", path, BodyPublishers.ofString(body), headers);
    }

    Answer delete(String path, String... headers) {
        return send("DELETE", path, BodyPublishers.noBody(), headers);
    }

    Answer post(String path, JsonNode body, String... headers) {
        return send("POST", path, bytes(body), headers);
    }

    Answer post(String path, String body, String... headers) {
        return send("POST", path, BodyPublishers.ofString(body), headers);
    }

    /// Half characters as escapes, which a text as UTF-8 cannot have.
    private static BodyPublisher bytes(JsonNode body) {
        return BodyPublishers.ofByteArray(JsonMapper.shared().writeValueAsBytes(body));
    }

    /// Sends it, and holds it and its answer against the document of the shop.
    Answer send(String method, String path, BodyPublisher body, String... headers) {
        Answer answer = sendUnchecked(method, path, body, headers);
        if (isDocumented) {
            boolean isPacked = Arrays.asList(headers).contains("Content-Encoding");
            api().check(method, path, isPacked ? null : SentBody.of(body), answer);
        }
        return answer;
    }

    private ApiCheck api() {
        ApiCheck known = api;
        if (known == null) {
            Answer document =
                    sendUnchecked("GET", "/openapi.json", BodyPublishers.noBody()).is(200);
            known = ApiCheck.of(document.body());
            api = known;
        }
        return known;
    }

    /// Sends it, whatever comes back.
    Answer sendUnchecked(String method, String path, BodyPublisher body, String... headers) {
        HttpResponse<byte[]> response = exchange(method, path, body, headers);
        return new Answer(
                method + " " + path,
                response.statusCode(),
                response.headers(),
                new String(response.body(), UTF_8));
    }

    /// The same with the answer's bytes as they came.
    HttpResponse<byte[]> exchange(
            String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                        .timeout(PATIENCE)
                        .method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an answer", e);
        }
    }

    @Override
    public void close() {
        client.close();
        gateway.close();
        node.close();
        log.close();
    }
}
