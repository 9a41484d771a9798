// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.fakta.runtime.ClusterSettings;
import dev.fakta.runtime.Discovery;
import dev.fakta.runtime.Lookup;
import dev.fakta.runtime.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class DiscoveryTest {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    @Nested
    class A_lookup {

        private final AtomicInteger asked = new AtomicInteger();

        @Test
        void is_believed_when_it_names_enough_and_stays_the_same() {
            Lookup growing =
                    () ->
                            switch (asked.incrementAndGet()) {
                                case 1 -> throw new IOException("not yet");
                                case 2 -> List.of("b:1");
                                case 3 -> List.of("b:1", "c:1");
                                default -> List.of("c:1", "a:1", "b:1", "a:1");
                            };
            assertThat(StableLookup.await(growing, "a:1", 2, LIMIT))
                    .containsExactly("a:1", "b:1", "c:1");
            assertThat(asked.get()).isGreaterThanOrEqualTo(6);
        }

        @Test
        void that_fails_to_the_end_says_why() {
            Lookup failing =
                    () -> {
                        throw new IOException("no such name");
                    };
            assertThatIllegalStateException()
                    .isThrownBy(() -> StableLookup.await(failing, "a:1", 1, Duration.ofSeconds(1)))
                    .withMessageContaining("no such name");
            Lookup few = () -> List.of("a:1");
            assertThatIllegalStateException()
                    .isThrownBy(() -> StableLookup.await(few, "a:1", 2, Duration.ofSeconds(1)))
                    .withMessageContaining("[a:1], not the 2");
        }
    }

    /// Three are to found a cluster; later two of them go on, and a third comes back.
    @Test
    void a_node_that_finds_too_few_may_join_them_but_not_found_a_cluster() {
        Lookup two = () -> List.of("a:1", "b:1");
        List<String> found = StableLookup.await(two, "a:1", 3, LIMIT);
        assertThat(found).containsExactly("b:1");
        assertThat(Seeds.of(found, "a:1").toAsk()).containsExactly("b:1");
        assertThat(Seeds.of(found, "a:1").patience()).isLessThan(Duration.ofSeconds(5));
    }

    @Nested
    class By_dns {

        @Test
        void every_address_of_a_name_is_found() throws IOException {
            try (NameServer server = new NameServer()) {
                server.put("A fakta.test", List.of("10.0.0.2", "10.0.0.1"));
                assertThat(new DnsLookup(server.url(), "fakta.test", "A", 7355).look())
                        .containsExactlyInAnyOrder("10.0.0.1:7355", "10.0.0.2:7355");
                server.put("A fakta.test", List.of("10.0.0.3"));
                assertThat(new DnsLookup(server.url(), "fakta.test", "A", 7355).look())
                        .containsExactly("10.0.0.3:7355");
            }
        }

        @Test
        void a_node_with_two_kinds_of_addresses_is_found_once() throws IOException {
            try (NameServer server = new NameServer()) {
                server.put("A fakta.test", List.of("10.0.0.1"));
                server.put("AAAA fakta.test", List.of("fd00:0:0:0:1:2:3:4"));
                assertThat(new DnsLookup(server.url(), "fakta.test", "A", 7355).look())
                        .containsExactly("10.0.0.1:7355");
                assertThat(new DnsLookup(server.url(), "fakta.test", "AAAA", 7355).look())
                        .singleElement()
                        .asString()
                        .startsWith("[fd00:")
                        .endsWith(":1:2:3:4]:7355");
            }
        }

        @Test
        void service_records_name_ports() throws IOException {
            try (NameServer server = new NameServer()) {
                server.put("SRV _c._tcp.fakta.test", List.of("7001 a.test", "7002 b.test"));
                server.put("A a.test", List.of("10.0.0.1"));
                server.put("A b.test", List.of("10.0.0.2"));
                assertThat(new DnsLookup(server.url(), "_c._tcp.fakta.test", "A", 0).look())
                        .containsExactlyInAnyOrder("10.0.0.1:7001", "10.0.0.2:7002");
            }
        }

        @Test
        void a_name_that_is_not_there_is_told() throws IOException {
            try (NameServer server = new NameServer()) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> new DnsLookup(server.url(), "no.test", "A", 1).look())
                        .withMessageContaining("no answer");
            }
        }
    }

    @Nested
    class By_kubernetes {

        @TempDir Path directory;

        private static final String PODS =
                """
                {"kind":"PodList","metadata":{"continue":"page-2"},"items":[
                 {"metadata":{"name":"a"},"status":{"phase":"Running","podIP":"10.1.0.1"}},
                 {"metadata":{"name":"b","deletionTimestamp":"2026-01-01T00:00:00Z"},
                  "status":{"phase":"Running","podIP":"10.1.0.2"}},
                 {"metadata":{"name":"c"},"status":{"phase":"Pending"}},
                 {"metadata":{"name":"d"},"status":{"phase":"Failed","podIP":"10.1.0.4"}}]}
                """;
        private static final String MORE =
                """
                {"kind":"PodList","metadata":{},"items":[
                 {"metadata":{"name":"e"},"status":{"phase":"Running","podIP":"10.1.0.5"}},
                 {"metadata":{"name":"f"},"status":{"phase":"Pending","podIP":"10.1.0.6"}}]}
                """;

        /// As the API does, it knows the token, the path, and the pages.
        private void answer(HttpExchange exchange) throws IOException {
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            boolean isMe =
                    "Bearer secret".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            boolean isHere =
                    exchange.getRequestURI().getPath().equals("/api/v1/namespaces/shop/pods")
                            && query.contains("labelSelector=app=fakta");
            String body =
                    !isMe || !isHere
                            ? "{\"kind\":\"Status\",\"message\":\"pods is forbidden\"}"
                            : query.contains("continue=page-2") ? MORE : PODS;
            byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(isMe && isHere ? 200 : 403, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        }

        private HttpsServer start(Certificates certificates) throws Exception {
            var _ = certificates.issue("api");
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            try (var in = Files.newInputStream(directory.resolve("api.crt"))) {
                store.setKeyEntry(
                        "api",
                        certificates.key("api"),
                        certificates.password(),
                        java.security.cert.CertificateFactory.getInstance("X.509")
                                .generateCertificates(in)
                                .toArray(java.security.cert.Certificate[]::new));
            }
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, certificates.password());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            HttpsServer server =
                    HttpsServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
            server.createContext("/", this::answer);
            server.start();
            return server;
        }

        @Test
        void every_pod_that_runs_and_is_to_stay_is_found() throws Exception {
            Certificates certificates = Certificates.in(directory);
            HttpsServer server = start(certificates);
            Files.writeString(directory.resolve("namespace"), "shop");
            Files.writeString(directory.resolve("token"), "secret\n");
            URI api = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
            var lookup = new KubernetesLookup(api, directory, "app=fakta", 7355);
            try {
                assertThat(lookup.look()).containsExactly("10.1.0.1:7355", "10.1.0.5:7355");
                Files.writeString(directory.resolve("token"), "expired");
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(lookup::look)
                        .withMessage("status 403: pods is forbidden");
                Path other = Files.createDirectory(directory.resolve("other"));
                Files.copy(
                        Certificates.in(other).authority(),
                        directory.resolve("ca.crt"),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                assertThatExceptionOfType(IOException.class)
                        .as("an API of another authority")
                        .isThrownBy(lookup::look);
            } finally {
                server.stop(0);
            }
        }

        @Test
        void outside_a_pod_is_told() {
            assertThatIllegalStateException()
                    .isThrownBy(() -> KubernetesLookup.ofPod("app=fakta", 1, Map.of()))
                    .withMessageContaining("in a pod only");
        }
    }

    @Test
    void places_are_read_as_they_are_written() {
        assertThat(Discovery.parse("dns:fakta.shop.svc:7355", 2))
                .isEqualTo(new Discovery.Dns("fakta.shop.svc", 7355, 2));
        assertThat(Discovery.parse("dns:_c._tcp.fakta.shop.svc", 3))
                .isEqualTo(new Discovery.Dns("_c._tcp.fakta.shop.svc", 0, 3));
        assertThat(Discovery.parse("kubernetes:app=fakta,tier=x", 1))
                .isEqualTo(new Discovery.Kubernetes("app=fakta,tier=x", 1));
        for (String wrong : List.of("", "dns:", "dns:a:b", "kubernetes:", "consul:x")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Discovery.parse(wrong, 1))
                    .withMessageContaining("discover");
        }
    }

    @Test
    void nodes_that_are_found_by_address_need_one() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new ClusterSettings(
                                        "node-1",
                                        0,
                                        new Discovery.Dns("x", 70_000, 0),
                                        EnumSet.allOf(Role.class),
                                        null))
                .withMessageContaining("cluster-host: an IP address")
                .withMessageContaining("cluster-port: must be given")
                .withMessageContaining("discover: a port is")
                .withMessageContaining("discover-at-least");
    }
}
