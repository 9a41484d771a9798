// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Microsystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Tally.Command.Add;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTlsTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration STRANGERS_TRY = Duration.ofSeconds(6);

    @TempDir static Path directory;
    private static Certificates ours;
    private static ClusterTls one;

    private final EventLog log = MemoryLog.create(8);
    private final List<Node> nodes = new ArrayList<>();
    private final int seed = freePort();

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

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Node start(@Nullable ClusterTls tls) {
        var cluster =
                new ClusterSettings(
                        "127.0.0.1",
                        nodes.isEmpty() ? seed : 0,
                        new Discovery.Named(List.of("127.0.0.1:" + seed)),
                        EnumSet.allOf(Role.class),
                        tls);
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

    @Test
    void nodes_with_certificates_of_one_authority_serve_each_others_commands() {
        Node first = start(one);
        Node second = start(ours.issue("two"));
        await().atMost(SOON).until(() -> active(first) + active(second) == 8 && active(second) > 0);
        for (int i = 0; i < 20; i++) {
            Node node = nodes.get(i % 2);
            assertThat(node.await(node.send(Tally.AGGREGATE, "t" + i, new Add(1), Cause.fresh())))
                    .isInstanceOf(Reply.Accepted.class);
        }
    }

    @Test
    void who_has_no_certificate_or_one_of_another_authority_does_not_get_in() throws IOException {
        Node first = start(one);
        await().atMost(SOON).until(() -> active(first) == 8);
        Node naked = start(null);
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Node stranger = start(Certificates.in(elsewhere).issue("stranger"));
        long until = System.nanoTime() + STRANGERS_TRY.toNanos();
        while (System.nanoTime() < until) {
            assertThat(active(first)).isEqualTo(8);
            assertThat(naked.status().isWell()).isFalse();
            assertThat(stranger.status().isWell()).isFalse();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    @Test
    void who_has_a_certificate_for_another_name_does_not_get_in() {
        Node first = start(one);
        await().atMost(SOON).until(() -> active(first) == 8);
        Node billing = start(ours.issue("billing", "-dname", "CN=billing"));
        await().during(STRANGERS_TRY)
                .atMost(SOON)
                .until(() -> active(first) == 8 && !billing.status().isWell());
    }

    @Test
    void a_damaged_key_is_told_by_its_option() throws IOException {
        for (String body : List.of("MAA=", "AAAA", "MIIBAAIBAA==", "!!!!", "")) {
            Path damaged =
                    Files.writeString(
                            directory.resolve("damaged"),
                            "-----BEGIN RSA PRIVATE KEY-----\n%s\n-----END RSA PRIVATE KEY-----\n"
                                    .formatted(body));
            assertThat(new ClusterTls(one.certificate(), damaged, one.authority()).problems())
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
        assertThat(new ClusterTls(one.certificate(), other.key(), one.authority()).problems())
                .singleElement()
                .asString()
                .contains("cluster-tls-key", "not the key of");
        assertThat(new ClusterTls(directory.resolve("none"), nonsense, nonsense).problems())
                .satisfiesExactly(
                        problem -> assertThat(problem).contains("certificate: there is no file"),
                        problem -> assertThat(problem).contains("cluster-tls-authority"),
                        problem -> assertThat(problem).contains("no RSA key in PEM"));
        assertThat(expired.problems())
                .singleElement()
                .asString()
                .contains("cluster-tls-certificate", "valid today");
        assertThat(new ClusterTls(one.certificate(), one.key(), other.certificate()).problems())
                .singleElement()
                .asString()
                .contains("is not issued by");
    }
}
