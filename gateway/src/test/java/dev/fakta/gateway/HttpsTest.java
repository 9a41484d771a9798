// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// A gateway that encrypts, with real certificates.
@Order(1)
final class HttpsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration OFTEN = Duration.ofMillis(20);

    @TempDir static Path made;
    private static TestCertificate first;
    private static TestCertificate second;
    private static TestCertificate third;

    @TempDir Path directory;
    private HttpsFiles files;
    private @Nullable EventLog log;
    private @Nullable Node node;
    private @Nullable Gateway gateway;

    @BeforeAll
    static void make() {
        first = TestCertificate.make(made, "first", List.of("-keyalg", "RSA"));
        second = TestCertificate.make(made, "second");
        third = TestCertificate.make(made, "third", List.of("-keyalg", "Ed25519"));
    }

    @BeforeEach
    void write() throws IOException {
        files = new HttpsFiles(directory.resolve("tls.crt"), directory.resolve("tls.key"), OFTEN);
        first.writeTo(files);
    }

    private Gateway open(Duration within) {
        GatewaySettings settings = GatewaySettings.onLoopback(0).trusting();
        log = MemoryLog.create(4);
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        Everything.MICROSYSTEM,
                        log,
                        InstantSource.system());
        gateway =
                Gateway.start(
                        node,
                        settings.withBodies(settings.bodiesMemory(), within).withHttps(files),
                        Everything::routes);
        return gateway;
    }

    @AfterEach
    void close() {
        if (gateway != null) {
            gateway.close();
        }
        if (node != null) {
            node.close();
        }
        if (log != null) {
            log.close();
        }
    }

    private URI uri(String path) {
        return URI.create("https://localhost:" + gateway.port() + path);
    }

    private static HttpClient client(String... protocols) throws Exception {
        SSLContext trusting = TestCertificate.trusting(first, second, third);
        HttpClient.Builder client = HttpClient.newBuilder().sslContext(trusting);
        if (protocols.length > 0) {
            var parameters = trusting.getDefaultSSLParameters();
            parameters.setProtocols(protocols);
            client.sslParameters(parameters);
        }
        return client.build();
    }

    private HttpResponse<String> get(String path, String... protocols) throws Exception {
        try (HttpClient client = client(protocols)) {
            return client.send(
                    HttpRequest.newBuilder(uri(path)).timeout(PATIENCE).build(),
                    BodyHandlers.ofString());
        }
    }

    /// What the next connection is shown.
    private Certificate shown() throws Exception {
        SSLSession session = get("/health/live").sslSession().orElseThrow();
        return session.getPeerCertificates()[0];
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void it_serves_by_https(String protocol) throws Exception {
        open(NEVER);
        HttpResponse<String> answer = get("/health/live", protocol);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()) // though the client would rather have HTTP/2
                .isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo(protocol);
        assertThat(answer.headers().firstValue("Strict-Transport-Security"))
                .contains("max-age=31536000");
        try (HttpClient client = client()) {
            HttpRequest put =
                    HttpRequest.newBuilder(uri("/everything/one"))
                            .header("Content-Type", "application/json")
                            .PUT(
                                    BodyPublishers.ofString(
                                            "{\"text\":\"" + "x".repeat(100_000) + "\"}"))
                            .build();
            assertThat(client.send(put, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void who_does_not_encrypt_is_not_answered() throws Exception {
        open(NEVER);
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            plain.setSoTimeout((int) PATIENCE.toMillis());
            plain.getOutputStream()
                    .write(
                            "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(US_ASCII));
            assertThat(endOf(plain)).doesNotContain("HTTP/");
        }
    }

    @Test
    void a_renewed_certificate_is_seen_by_the_next_connection() throws Exception {
        open(NEVER);
        assertThat(shown()).isEqualTo(first.itself());
        assertThat(get("/metrics").body()).contains(expiry(first));
        second.writeTo(files);
        await().atMost(PATIENCE).until(() -> shown().equals(second.itself()));
        third.writeTo(files);
        await().atMost(PATIENCE).until(() -> shown().equals(third.itself()));
        assertThat(get("/metrics").body()).contains(expiry(third));
    }

    private static String expiry(TestCertificate one) {
        double seconds = one.itself().getNotAfter().toInstant().getEpochSecond();
        return "fakta_https_certificate_expires_timestamp_seconds " + seconds;
    }

    /// A renewal as a Kubernetes secret brings it: another folder behind the same link.
    @Test
    void a_link_to_other_files_is_a_renewal_too() throws Exception {
        Path before = Files.createDirectory(directory.resolve("1"));
        Path after = Files.createDirectory(directory.resolve("2"));
        first.writeTo(HttpsFiles.of(before.resolve("tls.crt"), before.resolve("tls.key")));
        second.writeTo(HttpsFiles.of(after.resolve("tls.crt"), after.resolve("tls.key")));
        Path link = Files.createSymbolicLink(directory.resolve("secret"), before);
        files = new HttpsFiles(link.resolve("tls.crt"), link.resolve("tls.key"), OFTEN);
        open(NEVER);
        assertThat(shown()).isEqualTo(first.itself());
        Path next = Files.createSymbolicLink(directory.resolve("next"), after);
        Files.move(next, link, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        await().atMost(PATIENCE).until(() -> shown().equals(second.itself()));
    }

    @Test
    void a_broken_renewal_is_logged_once_and_the_certificate_before_stays() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(Https.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            open(NEVER);
            Files.writeString(files.key(), second.keyPem());
            await().atMost(PATIENCE).until(() -> !lines.list.isEmpty());
            assertThat(shown()).isEqualTo(first.itself());
            Files.delete(files.certificate());
            await().atMost(PATIENCE).until(() -> lines.list.size() > 1);
            assertThat(shown()).isEqualTo(first.itself());
            second.writeTo(files);
            await().atMost(PATIENCE).until(() -> shown().equals(second.itself()));
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        line -> assertThat(line).contains("is not the key of", "stays in use"),
                        line -> assertThat(line).contains("there is no file"));
    }

    private void assertRefused(String reason) {
        GatewaySettings settings = GatewaySettings.onLoopback(0).withHttps(files);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> Https.requireUsable(settings))
                .withMessageContaining(reason);
    }

    @Test
    void files_that_cannot_be_used_are_refused_with_the_reason() throws Exception {
        Files.writeString(files.certificate(), second.pem());
        assertRefused("tls.key is not the key of ");
        Files.writeString(files.certificate(), "no certificate");
        assertRefused("--tls-certificate: ");
        Files.writeString(files.certificate(), "");
        assertRefused("has no certificate in PEM in it");
        TestCertificate.make(made, "old", "-startdate", "-10d", "-validity", "5").writeTo(files);
        assertRefused("is no certificate that is valid today: NotAfter");
        TestCertificate.make(made, "early", "-startdate", "+10d").writeTo(files);
        assertRefused("is no certificate that is valid today: NotBefore");
        first.writeTo(files);
        Files.writeString(files.certificate(), first.pem() + second.pem());
        assertRefused("are not each issued by the next one");
        first.writeTo(files);
        Files.writeString(files.key(), first.keyPem().substring(0, 400));
        assertRefused("is no RSA, EC or Ed25519 key in PEM");
        first.writeTo(files);
        Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-r--r--"));
        assertRefused("others than its owner can use this key");
        Files.delete(files.key());
        assertRefused("tls.key: there is no such file");
        Files.delete(files.certificate());
        assertRefused("there is no file ");
    }

    @Test
    void what_orchestrators_mount_may_be_read_by_its_group() throws Exception {
        Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("r--r-----"));
        Https.requireUsable(GatewaySettings.onLoopback(0).withHttps(files));
    }

    /// Such clients would take all connections there are.
    @Test
    void who_does_not_agree_in_time_is_cut_off() throws Exception {
        open(SHORT);
        for (byte[] begun : List.of(new byte[0], new byte[] {22, 3, 1, 2, 0, 1})) {
            try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
                silent.setSoTimeout((int) PATIENCE.toMillis());
                silent.getOutputStream().write(begun);
                assertThat(endOf(silent)).isEmpty();
            }
        }
        try (SSLSocket silent = connect()) {
            assertThat(endOf(silent)).isEmpty();
        }
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> get("/health/live").statusCode() == 200);
    }

    /// A connection on which it has been agreed how to encrypt. A busy machine may not agree in the
    /// time that a test's server gives, and tries again.
    private SSLSocket connect() {
        return await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(this::agreed, Objects::nonNull);
    }

    private SSLSocket agreed() throws Exception {
        SSLSocket socket =
                (SSLSocket)
                        TestCertificate.trusting(first)
                                .getSocketFactory()
                                .createSocket("localhost", gateway.port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.startHandshake();
        return socket;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Name: ",
                "PUT /everything/one HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
            })
    void a_request_that_does_not_end_in_time_is_cut_off(String half) throws Exception {
        open(SHORT);
        await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(
                        () -> {
                            sendHalf(half);
                            return get("/metrics")
                                    .body()
                                    .lines()
                                    .anyMatch(
                                            line ->
                                                    line.matches(
                                                            "fakta_http_(heads_broken|bodies_slow)_total [1-9].*"));
                        });
    }

    /// On a slow machine the server may have lost patience with the handshake already, whose end it
    /// sees after the client: then it has cut off no request.
    private void sendHalf(String half) throws Exception {
        try (SSLSocket sender = connect()) {
            sender.getOutputStream().write(half.getBytes(US_ASCII));
            assertThat(endOf(sender)).doesNotContain("200 OK");
        }
    }

    /// What comes until the connection ends, however it does: with what the server has not read
    /// yet, the last message of a handshake too, it is reset.
    private static String endOf(Socket socket) {
        StringBuilder all = new StringBuilder();
        try {
            int next = socket.getInputStream().read();
            while (next >= 0) {
                all.append((char) next);
                next = socket.getInputStream().read();
            }
        } catch (IOException e) {
            assertThat(e).isNotInstanceOf(java.net.SocketTimeoutException.class);
        }
        return all.toString();
    }

    @Test
    void events_come_as_they_are_recorded() throws Exception {
        open(NEVER);
        AtomicInteger put = new AtomicInteger();
        try (SSLSocket socket = connect();
                HttpClient client = client()) {
            socket.getOutputStream()
                    .write("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            while (!lines.readLine().contains(": begins")) {
                // the head of the answer
            }
            HttpRequest request =
                    HttpRequest.newBuilder(uri("/everything/n" + put.incrementAndGet()))
                            .header("Content-Type", "application/json")
                            .PUT(BodyPublishers.ofString("{}"))
                            .build();
            client.send(request, BodyHandlers.discarding());
            String line = lines.readLine();
            while (!line.contains("everything-filled")) {
                line = lines.readLine();
            }
            assertThat(line).contains("everything/n1");
            socket.setSoTimeout(1); // to close it waits for the end of what is sent, seconds long
        }
    }
}
