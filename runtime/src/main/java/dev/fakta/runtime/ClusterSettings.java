// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How a node takes part in a cluster. All problems are reported at once.
///
/// @param host the address that other nodes reach it at; an IP address unless they are named
/// @param port the port for it; 0 takes a free one, when the nodes are named
/// @param discovery where it learns of the others
/// @param roles what the node hosts
/// @param tls how the nodes know and hide from others what they say; `null`: they do not
public record ClusterSettings(
        String host, int port, Discovery discovery, Set<Role> roles, @Nullable ClusterTls tls) {

    private static final Pattern SEED = Pattern.compile("[^\\s:/@]+:[0-9]{1,5}");
    private static final Pattern IP =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:]+]");

    public ClusterSettings {
        roles = Set.copyOf(roles);
        List<String> problems = new ArrayList<>();
        if (host.isBlank()) {
            problems.add("cluster-host: must be given");
        }
        if (port < 0 || port > 65_535) {
            problems.add("cluster-port: 0 to 65535");
        }
        switch (discovery) {
            case Discovery.Named(var seeds) -> checkSeeds(seeds, problems);
            case Discovery.Dns(_, var others, var atLeast) -> {
                if (others > 65_535) {
                    problems.add("discover: a port is 1 to 65535");
                }
                checkFound(host, port, atLeast, problems);
            }
            case Discovery.ByLookup(_, var atLeast) -> checkFound(host, port, atLeast, problems);
            case Discovery.Kubernetes(_, var atLeast) -> checkFound(host, port, atLeast, problems);
        }
        if (roles.isEmpty()) {
            problems.add("roles: at least one");
        }
        if (tls != null) {
            problems.addAll(tls.problems());
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("settings: " + String.join("; ", problems));
        }
    }

    private static void checkSeeds(List<String> seeds, List<String> problems) {
        for (String seed : seeds) {
            if (!SEED.matcher(seed).matches()) {
                problems.add("seeds: '%s' is not host:port".formatted(seed));
            }
        }
    }

    /// Nodes that are found know each other by the addresses that are found.
    private static void checkFound(String host, int port, int atLeast, List<String> problems) {
        if (!IP.matcher(host).matches()) {
            problems.add("cluster-host: an IP address, as discover finds nodes by theirs");
        }
        if (port == 0) {
            problems.add("cluster-port: must be given with discover");
        }
        if (atLeast < 1) {
            problems.add("discover-at-least: at least 1");
        }
    }

    /// A cluster of one on loopback.
    public static ClusterSettings alone() {
        return of("127.0.0.1", 0, List.of(), EnumSet.allOf(Role.class));
    }

    /// Nodes that are named, without TLS.
    public static ClusterSettings of(String host, int port, List<String> seeds, Set<Role> roles) {
        return new ClusterSettings(host, port, new Discovery.Named(seeds), roles, null);
    }

    public boolean has(Role role) {
        return roles.contains(role);
    }
}
