// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients of `GET /events` that do not read what they are sent.
@Order(1)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class SlowStreamTest {

    private static final int PARCELS = 400;
    private static final String CONTENT = "x".repeat(64 << 10); // more in all than sockets hold

    /// The one that takes a JVM least time that compiles little, as that of the tests does.
    private static final String[] CIPHERS = {"TLS_CHACHA20_POLY1305_SHA256"};

    private record Parcel(int sent) {
        private record Send(String content) {}

        private record Sent(String content) {}

        private static final Aggregate<Send, Sent, Parcel> AGGREGATE =
                Aggregate.named("parcel")
                        .taking(Send.class)
                        .startingAs(new Parcel(0))
                        .deciding((Parcel _, Send send) -> Decision.accept(new Sent(send.content)))
                        .evolving((Parcel parcel, Sent _) -> new Parcel(parcel.sent + 1))
                        .event("parcel-sent", Sent.class);
    }

    private final EventLog log = MemoryLog.create(2);
    @TempDir Path directory;
    private SSLContext trusting;
    private HttpClient http;
    private boolean isEncrypted;
    private Node node;
    private Gateway gateway;

    private void open(boolean encrypting) throws Exception {
        isEncrypted = encrypting;
        TestCertificate certificate = TestCertificate.make(directory, "gateway");
        HttpsFiles files =
                HttpsFiles.of(directory.resolve("tls.crt"), directory.resolve("tls.key"));
        certificate.writeTo(files);
        trusting = TestCertificate.trusting(certificate);
        http =
                HttpClient.newBuilder()
                        .sslContext(trusting)
                        .sslParameters(new SSLParameters(CIPHERS))
                        .build();
        GatewaySettings settings = GatewaySettings.onLoopback(0).trusting();
        Microsystem parcels = Microsystem.named("parcels").with(Parcel.AGGREGATE);
        node = Node.start(NodeSettings.embedded(directory), parcels, log, InstantSource.system());
        gateway =
                Gateway.start(
                        node,
                        isEncrypted ? settings.withHttps(files) : settings,
                        routes ->
                                routes.resource(
                                                "/parcels",
                                                Parcel.AGGREGATE,
                                                found -> found.state())
                                        .put("/parcels/{id}", Parcel.Send.class, Parcel.AGGREGATE));
    }

    @AfterEach
    void close() {
        http.close();
        gateway.close();
        node.close();
        log.close();
    }

    private URI uri(String path) {
        return URI.create(
                (isEncrypted ? "https" : "http") + "://127.0.0.1:" + gateway.port() + path);
    }

    private void send(int parcel) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(uri("/parcels/p" + parcel))
                        .PUT(BodyPublishers.ofString("{\"content\":\"" + CONTENT + "\"}"))
                        .build();
        assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    }

    private boolean isCut() throws Exception {
        String metrics =
                http.send(HttpRequest.newBuilder(uri("/metrics")).build(), BodyHandlers.ofString())
                        .body();
        return metrics.contains("fakta_http_streams_cut_total 1.0");
    }

    /// A client that has asked for a stream, and reads when it is told to.
    private final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader lines;
        private String lastId = "";

        Client(String lastEventId) throws IOException {
            Socket plain = new Socket();
            plain.setReceiveBufferSize(16 << 10);
            plain.connect(new InetSocketAddress("127.0.0.1", gateway.port()));
            socket = isEncrypted ? encrypted(plain) : plain;
            String asked =
                    "GET /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                            + (lastEventId.isEmpty()
                                    ? ""
                                    : "Last-Event-ID: " + lastEventId + "\r\n")
                            + "\r\n";
            socket.getOutputStream().write(asked.getBytes(StandardCharsets.US_ASCII));
            lines =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        private Socket encrypted(Socket plain) throws IOException {
            SSLSocket encrypted =
                    (SSLSocket)
                            trusting.getSocketFactory()
                                    .createSocket(plain, "127.0.0.1", gateway.port(), true);
            encrypted.setEnabledCipherSuites(CIPHERS);
            return encrypted;
        }

        /// Adds the subjects of what comes, until there are so many or the stream ends.
        void read(Set<String> subjects, int most) {
            try {
                String line = lines.readLine();
                while (line != null) {
                    if (line.startsWith("id: ")) {
                        lastId = line.substring("id: ".length());
                    }
                    int at = line.indexOf("\"subject\":\"parcel/");
                    if (at >= 0) {
                        subjects.add(line.substring(at, line.indexOf(',', at)));
                    }
                    if (subjects.size() == most) {
                        return;
                    }
                    line = lines.readLine();
                }
            } catch (IOException _) {
                return; // cut off
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @ParameterizedTest(name = "encrypted: {0}")
    @Execution(ExecutionMode.CONCURRENT) // each waits until a server has lost patience
    @ValueSource(booleans = {false, true})
    void one_that_does_not_read_is_cut_off_and_goes_on_where_it_was(boolean encrypting)
            throws Exception {
        open(encrypting);
        Set<String> read = new LinkedHashSet<>();
        String lastId;
        try (Client slow = new Client("");
                Client quick = new Client("")) {
            Set<String> all = new LinkedHashSet<>();
            Thread reading = Thread.startVirtualThread(() -> quick.read(all, PARCELS));
            for (int parcel = 0; parcel < PARCELS; parcel++) {
                send(parcel);
            }
            reading.join();
            assertThat(all).as("nobody waits for the slow one").hasSize(PARCELS);
            await().atMost(Duration.ofSeconds(90)).until(this::isCut);
            slow.read(read, PARCELS + 1);
            lastId = slow.lastId;
        }
        assertThat(read).as("sockets hold less than was sent").hasSizeLessThan(PARCELS);
        try (Client again = new Client(lastId)) {
            again.read(read, PARCELS);
        }
        assertThat(read).hasSize(PARCELS);
    }
}
