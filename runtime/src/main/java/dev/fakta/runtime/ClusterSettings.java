// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// How a node finds the others. All problems are reported at once.
///
/// @param host the address that other nodes reach it at
/// @param port the port for it; 0 takes a free one
/// @param seeds `host:port` of nodes to join, any of them; empty for a cluster of one. The node
///   that is named first founds the cluster when it finds no other
/// @param roles what the node hosts
public record ClusterSettings(String host, int port, List<String> seeds, Set<Role> roles) {

    private static final Pattern SEED = Pattern.compile("[^\\s:/@]+:[0-9]{1,5}");

    public ClusterSettings {
        seeds = List.copyOf(seeds);
        roles = Set.copyOf(roles);
        List<String> problems = new ArrayList<>();
        if (host.isBlank()) {
            problems.add("cluster-host: must be given");
        }
        if (port < 0 || port > 65_535) {
            problems.add("cluster-port: 0 to 65535");
        }
        for (String seed : seeds) {
            if (!SEED.matcher(seed).matches()) {
                problems.add("seeds: '%s' is not host:port".formatted(seed));
            }
        }
        if (roles.isEmpty()) {
            problems.add("roles: at least one");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("settings: " + String.join("; ", problems));
        }
    }

    /// A cluster of one on loopback.
    public static ClusterSettings alone() {
        return new ClusterSettings("127.0.0.1", 0, List.of(), EnumSet.allOf(Role.class));
    }

    boolean has(Role role) {
        return roles.contains(role);
    }
}
