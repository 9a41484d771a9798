// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Microsystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.postgres.server.LocalPorts;
import dev.fakta.runtime.Tally.Command.Add;
import dev.fakta.runtime.cluster.Certificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class ClusterTlsTest {

    /// So many that two nodes share them, whatever ports they have.
    private static final int PARTITIONS = 64;

    private static final Duration SOON = Duration.ofSeconds(90);

    /// What a node sends first on a connection: the transport's name, and the number of a stream.
    private static final byte[] PREAMBLE = {'A', 'K', 'K', 'A', 1};

    @TempDir static Path directory;
    private static Certificates ours;
    private static ClusterTls one;

    private final EventLog log = MemoryLog.create(PARTITIONS);
    private final List<Node> nodes = new ArrayList<>();
    private final int seed = LocalPorts.free();

    @BeforeAll
    static void issue() {
        ours = Certificates.in(directory);
        one = ours.issue("one");
    }

    @AfterEach
    void stopAll() {
        nodes.reversed().forEach(Node::close);
        log.close();
    }

    private Node start(ClusterTls tls) {
        return start(settings(tls));
    }

    private ClusterSettings settings(@Nullable ClusterTls tls) {
        return new ClusterSettings(
                "127.0.0.1",
                nodes.isEmpty() ? seed : 0,
                new Discovery.Named(List.of("127.0.0.1:" + seed)),
                EnumSet.allOf(Role.class),
                tls);
    }

    private Node start(ClusterSettings cluster) {
        Node node =
                Node.start(
                        NodeSettings.embedded(directory.resolve("views"))
                                .inCluster("node-" + nodes.size(), cluster),
                        Microsystem.named("tallies").with(Tally.AGGREGATE),
                        log,
                        InstantSource.system());
        nodes.add(node);
        return node;
    }

    private static int active(Node node) {
        return node.status().activePartitions();
    }

    private static boolean isShared(Node first, Node second) {
        return active(first) + active(second) == PARTITIONS && active(second) > 0;
    }

    @Test
    void nodes_with_certificates_of_one_authority_serve_each_others_commands() {
        Node first = start(one);
        Node second = start(ours.issue("two"));
        await().atMost(SOON).until(() -> isShared(first, second));
        serveEachOther();
    }

    private void serveEachOther() {
        for (int i = 0; i < 20; i++) {
            Node node = nodes.get(i % nodes.size());
            assertThat(node.await(node.send(Tally.AGGREGATE, "t" + i, new Add(1), Cause.fresh())))
                    .isInstanceOf(Reply.Accepted.class);
        }
    }

    @Test
    void renewed_certificates_are_taken_up_while_connections_go_on_and_new_nodes_join()
            throws Exception {
        Path mount = Files.createTempDirectory(directory, "mount");
        publish(mount, ours.issue("before"));
        Node first = start(mounted(mount));
        Node second = start(mounted(mount));
        await().atMost(SOON).until(() -> isShared(first, second));
        assertThat(shown()).isEqualTo(certificate("before"));
        publish(mount, ours.issue("renewed"));
        await().atMost(SOON).until(() -> shown().equals(certificate("renewed")));
        serveEachOther();
        Node third = start(mounted(mount));
        await().atMost(SOON).until(() -> third.status().isWell());
        serveEachOther();
        assertThat(nodes).allMatch(node -> node.status().isWell());
    }

    @Test
    void who_has_an_expired_certificate_does_not_get_in() throws Exception {
        Node first = start(one);
        await().atMost(SOON).until(() -> active(first) == PARTITIONS);
        Path mount = Files.createTempDirectory(directory, "mount");
        publish(mount, one);
        ClusterSettings checked = settings(mounted(mount));
        publish(mount, ours.issue("late", "-startdate", "-3d", "-validity", "1"));
        assertRefused(connection(ours, "late"));
        assertStaysOut(first, checked, "SSLHandshakeException");
    }

    private static ClusterTls mounted(Path mount) {
        Path files = mount.resolve("..data");
        return new ClusterTls(
                files.resolve("tls.crt"),
                files.resolve("tls.key"),
                files.resolve("ca.crt"),
                Duration.ofMillis(500));
    }

    /// Puts files in place as Kubernetes does: all at once, by one symbolic link.
    private static void publish(Path mount, ClusterTls files) throws IOException {
        Path version = Files.createTempDirectory(mount, "version");
        Files.copy(files.certificate(), version.resolve("tls.crt"));
        Files.copy(files.key(), version.resolve("tls.key"));
        Files.copy(files.authority(), version.resolve("ca.crt"));
        Path link = Files.createSymbolicLink(mount.resolve("..next"), version);
        Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Certificate certificate(String name) throws Exception {
        try (InputStream in = Files.newInputStream(directory.resolve(name + ".crt"))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    /// Trusts the authority that issues the nodes' certificates.
    private static TrustManagerFactory trust() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", certificate("ca"));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust;
    }

    /// The certificate that the first node shows to who connects now.
    private Certificate shown() throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, trust().getTrustManagers(), null);
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", seed)) {
            socket.setSoTimeout((int) SOON.toMillis());
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0];
        }
    }

    @Test
    void who_has_no_certificate_or_one_of_another_authority_does_not_get_in() throws Exception {
        Node first = start(one);
        await().atMost(SOON).until(() -> active(first) == PARTITIONS);
        Node naked = start(settings(null));
        Certificates theirs =
                Certificates.in(Files.createDirectory(directory.resolve("elsewhere")));
        ClusterTls stranger = theirs.issue("stranger");
        assertRefused(new Socket("127.0.0.1", seed));
        assertRefused(connection(theirs, "stranger"));
        assertStaysOut(first, settings(stranger), "SSLHandshakeException");
        assertThat(naked.status().isWell()).isFalse();
    }

    /// Starts a node, and waits until a connection of its own to the first has failed.
    private void assertStaysOut(Node first, ClusterSettings settings, String reason) {
        String connection = "outbound connection to [pekko://tallies@127.0.0.1:" + seed + "]";
        try (LoggedLines failures =
                new LoggedLines("org.apache.pekko.stream.Materializer", connection)) {
            Node outside = start(settings);
            await().atMost(SOON).until(() -> failures.has(reason));
            assertThat(outside.status().isWell()).isFalse();
            assertThat(active(first)).isEqualTo(PARTITIONS);
        }
    }

    /// A connection to the first node that trusts it, and shows this certificate.
    private SSLSocket connection(Certificates certificates, String name) throws Exception {
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(certificates.store(name), certificates.password());
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), trust().getTrustManagers(), null);
        return (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", seed);
    }

    /// The first node ends the connection: it would listen on for the next message of one that it
    /// lets in.
    private static void assertRefused(Socket connection) throws IOException {
        try (connection) {
            connection.setSoTimeout((int) SOON.toMillis());
            connection.getOutputStream().write(PREAMBLE);
            assertThat(connection.getInputStream().readAllBytes()).hasSizeLessThan(100);
        } catch (SSLException | SocketException e) {
            assertThat(e).hasMessageMatching("(?i).*(alert|reset|broken pipe|abort|closed).*");
        }
    }

    @Test
    void who_has_a_certificate_for_another_name_does_not_get_in() throws Exception {
        Node first = start(one);
        await().atMost(SOON).until(() -> active(first) == PARTITIONS);
        ClusterTls billing = ours.issue("billing", "-dname", "CN=billing");
        assertRefused(connection(ours, "billing"));
        assertStaysOut(first, settings(billing), "peer subject names");
    }

    @Test
    void a_damaged_key_is_told_by_its_option() throws IOException {
        for (String body : List.of("MAA=", "AAAA", "MIIBAAIBAA==", "!!!!", "")) {
            Path damaged =
                    Files.writeString(
                            directory.resolve("damaged"),
                            "-----BEGIN RSA PRIVATE KEY-----\n%s\n-----END RSA PRIVATE KEY-----\n"
                                    .formatted(body));
            assertThat(ClusterTls.of(one.certificate(), damaged, one.authority()).problems())
                    .as(body)
                    .singleElement()
                    .asString()
                    .startsWith("cluster-tls-key");
        }
    }

    @Test
    void files_that_do_not_fit_are_told_by_the_options_that_name_them() throws IOException {
        ClusterTls other = ours.issue("other");
        Path nonsense = Files.writeString(directory.resolve("nonsense"), "-----BEGIN");
        ClusterTls expired = ours.issue("expired", "-startdate", "-3d", "-validity", "1");
        assertThat(one.problems()).isEmpty();
        assertThat(ClusterTls.of(one.certificate(), other.key(), one.authority()).problems())
                .singleElement()
                .asString()
                .contains("cluster-tls-key", "not the key of");
        assertThat(ClusterTls.of(directory.resolve("none"), nonsense, nonsense).problems())
                .satisfiesExactly(
                        problem -> assertThat(problem).contains("certificate: there is no file"),
                        problem -> assertThat(problem).contains("cluster-tls-authority"),
                        problem -> assertThat(problem).contains("no RSA key in PEM"));
        assertThat(expired.problems())
                .singleElement()
                .asString()
                .contains("cluster-tls-certificate", "valid today");
        assertThat(ClusterTls.of(one.certificate(), one.key(), other.certificate()).problems())
                .singleElement()
                .asString()
                .contains("is not issued by");
    }
}
