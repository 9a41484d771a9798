// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Microsystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.postgres.server.LocalPorts;
import dev.fakta.runtime.Tally.Command.Add;
import dev.fakta.runtime.cluster.DnsLookup;
import dev.fakta.runtime.cluster.NameServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes on addresses of their own that find each other by a real name server.
@Order(1)
class DiscoveredClusterTest {

    private static final int PARTITIONS = 64;
    private static final String NAME = "fakta.test";
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir Path directory;
    private final EventLog log = MemoryLog.create(PARTITIONS);
    private final List<Node> nodes = new ArrayList<>();
    private final int port = LocalPorts.free();

    private Node start(NameServer server, String address) {
        var byName = new Discovery.ByLookup(new DnsLookup(server.url(), NAME, "A", port), 3);
        var cluster = new ClusterSettings(address, port, byName, EnumSet.allOf(Role.class), null);
        return Node.start(
                NodeSettings.embedded(directory.resolve(address)).inCluster(address, cluster),
                Microsystem.named("tallies").with(Tally.AGGREGATE),
                log,
                InstantSource.system());
    }

    private void startAtOnce(NameServer server, List<String> addresses) throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) { // see Node.start
            List<Future<Node>> starting =
                    addresses.stream()
                            .map(address -> threads.submit(() -> start(server, address)))
                            .toList();
            for (Future<Node> node : starting) {
                nodes.add(node.get(1, TimeUnit.MINUTES));
            }
        }
    }

    @AfterEach
    void stopAll() {
        nodes.reversed().forEach(Node::close);
        log.close();
    }

    /// All are in one cluster: each partition has one owner, and each node a share.
    private void awaitOneCluster() {
        await().atMost(SOON)
                .until(
                        () -> {
                            var shares =
                                    nodes.stream()
                                            .mapToInt(node -> node.status().activePartitions())
                                            .summaryStatistics();
                            return shares.getSum() == PARTITIONS && shares.getMin() > 0;
                        });
        for (int i = 0; i < 12; i++) {
            Node node = nodes.get(i % nodes.size());
            assertThat(node.await(node.send(Tally.AGGREGATE, "t" + i, new Add(1), Cause.fresh())))
                    .isInstanceOf(Reply.Accepted.class);
        }
    }

    /// The address that it comes back under is the lowest, that of a founder.
    @Test
    void nodes_find_each_other_by_dns_and_one_that_comes_back_elsewhere_finds_them_again()
            throws Exception {
        try (NameServer server = new NameServer()) {
            List<String> addresses = List.of("127.0.0.2", "127.0.0.3", "127.0.0.4");
            server.put("A " + NAME, addresses);
            startAtOnce(server, addresses);
            awaitOneCluster();
            nodes.removeLast().close();
            server.put("A " + NAME, List.of("127.0.0.1", "127.0.0.2", "127.0.0.3"));
            nodes.add(start(server, "127.0.0.1"));
            awaitOneCluster();
        }
    }
}
