// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.postgres.LogPlaces;
import dev.fakta.runtime.ClusterSettings;
import dev.fakta.runtime.ClusterTls;
import dev.fakta.runtime.Discovery;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Role;
import dev.fakta.views.ViewPlace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The command line's options for a node of a cluster.
final class ClusterOptions {

    private static final int PARTITIONS = 64;

    @Option(
            names = "--postgres",
            paramLabel = "[NAME:][FIRST-LAST=]JDBC_URL",
            required = true,
            description = {
                "keep the logs in this PostgreSQL database, and form a cluster on it; the password comes with PGPASSWORD or in the URL.",
                "Several databases: once for each, with the partitions of 0-63 that it holds, such as 0-31=jdbc:postgresql://...",
                "One microsystem's log elsewhere: inventory=jdbc:postgresql://... or inventory:0-31=jdbc:postgresql://..."
            })
    private List<String> databases;

    @Option(
            names = "--views-postgres",
            paramLabel = "JDBC_URL",
            description =
                    "keep the views in this PostgreSQL database (default: in the logs', which is the one of partition 0 when there are several)")
    private @Nullable String viewsUrl;

    @Option(
            names = "--node",
            paramLabel = "NAME",
            description = "the node's name, unique in its cluster (default: ${DEFAULT-VALUE})",
            defaultValue = "node")
    private String name;

    @Option(
            names = "--seeds",
            paramLabel = "HOST:PORT",
            split = ",",
            description =
                    "cluster addresses of nodes to join; the first one founds the cluster (default: none, a cluster of one)")
    private List<String> seeds = List.of();

    @Option(
            names = "--discover",
            paramLabel = "WHERE",
            description =
                    "instead of --seeds: dns:NAME:PORT, dns:NAME for SRV records, or kubernetes:LABELS for the pods with these labels")
    private @Nullable String discover;

    @Option(
            names = "--discover-at-least",
            paramLabel = "N",
            description =
                    "how many nodes must be found before they may found a cluster (default: ${DEFAULT-VALUE})",
            defaultValue = "2")
    private int atLeast;

    @Option(
            names = "--cluster-tls-certificate",
            paramLabel = "FILE",
            description =
                    "encrypt what nodes say to each other: this node's certificate, in PEM (with --cluster-tls-key and --cluster-tls-authority)")
    private @Nullable Path certificate;

    @Option(
            names = "--cluster-tls-key",
            paramLabel = "FILE",
            description = "the certificate's private key, in PEM")
    private @Nullable Path key;

    @Option(
            names = "--cluster-tls-authority",
            paramLabel = "FILE",
            description = "the certificate of who issues the certificates of all nodes, in PEM")
    private @Nullable Path authority;

    @Option(
            names = "--cluster-host",
            paramLabel = "ADDRESS",
            description = "the address that other nodes reach it at (default: ${DEFAULT-VALUE})",
            defaultValue = "127.0.0.1")
    private String host;

    @Option(
            names = "--cluster-port",
            paramLabel = "PORT",
            description =
                    "its port for other nodes; 0 picks a free one (default: ${DEFAULT-VALUE})",
            defaultValue = "0")
    private int port;

    @Option(
            names = "--microsystems",
            paramLabel = "NAMES",
            split = ",",
            description =
                    "which microsystems it hosts; commands to the others go to nodes that host them (default: all)")
    private List<String> microsystems = List.of();

    @Option(
            names = "--notice",
            paramLabel = "SECONDS",
            description =
                    "how long it goes on serving, not ready, after it was asked to stop (default: ${DEFAULT-VALUE})",
            defaultValue = "3")
    private int noticeSeconds;

    @Option(
            names = "--processors-at-once",
            paramLabel = "N",
            description =
                    "how many requests its processors work on at a time (default: ${DEFAULT-VALUE})",
            defaultValue = "1024")
    private int processorsAtOnce;

    /// Those that this node hosts.
    ///
    /// @throws IllegalArgumentException when there is none of a name
    Microsystems here(Microsystems all) {
        return microsystems.isEmpty() ? all : all.hosting(Set.copyOf(microsystems));
    }

    Duration notice() {
        return Duration.ofSeconds(Math.clamp(noticeSeconds, 0, 600));
    }

    String name() {
        return name;
    }

    /// Where the logs of these microsystems are.
    ///
    /// @throws IllegalArgumentException naming each problem
    LogPlaces places(Microsystems microsystems) {
        return LogPlaces.parse(databases, microsystems.streams().keySet(), PARTITIONS);
    }

    /// @param home the database for views, unless they have their own
    /// @throws IllegalArgumentException naming each problem
    NodeSettings settings(Path data, String home, Set<Role> roles) {
        return NodeSettings.embedded(data)
                .withViews(new ViewPlace.Database(viewsUrl == null ? home : viewsUrl))
                .withProcessorsAtOnce(processorsAtOnce)
                .inCluster(name, new ClusterSettings(host, port, discovery(), roles, tls()));
    }

    private Discovery discovery() {
        if (discover == null) {
            return new Discovery.Named(seeds);
        }
        if (!seeds.isEmpty()) {
            throw new IllegalArgumentException("give --seeds or --discover, not both");
        }
        return Discovery.parse(discover, atLeast);
    }

    private @Nullable ClusterTls tls() {
        if (certificate != null && key != null && authority != null) {
            return ClusterTls.of(certificate, key, authority);
        }
        if (certificate != null || key != null || authority != null) {
            throw new IllegalArgumentException(
                    "--cluster-tls-certificate, --cluster-tls-key and --cluster-tls-authority come together");
        }
        return null;
    }
}
