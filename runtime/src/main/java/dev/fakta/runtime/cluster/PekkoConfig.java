// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.fakta.runtime.ClusterSettings;
import dev.fakta.runtime.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What Pekko is told: `node.conf`, and what differs from node to node.
final class PekkoConfig {

    /// What the role begins with that says that a node hosts a microsystem.
    static final String HOSTS = "hosts-";

    private PekkoConfig() {}

    /// @param addresses of the nodes to join, see [Seeds]
    /// @param microsystems that the node hosts: the others see them among its roles
    static Config of(ClusterSettings settings, List<String> addresses, Set<String> microsystems) {
        String self = settings.host() + ":" + settings.port();
        Map<String, Object> own = new HashMap<>();
        own.put("pekko.remote.artery.canonical.hostname", settings.host());
        own.put("pekko.remote.artery.canonical.port", settings.port());
        own.put("pekko.cluster.seed-node-timeout", Seeds.of(addresses, self).patience());
        own.put("pekko.cluster.roles", roles(settings, microsystems));
        if (settings.tls() != null) {
            own.putAll(settings.tls().config());
        }
        return ConfigFactory.parseMap(own)
                .withFallback(ConfigFactory.parseResources(PekkoConfig.class, "node.conf"))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    private static List<String> roles(ClusterSettings settings, Set<String> microsystems) {
        return Stream.concat(
                        settings.roles().stream().map(Role::text),
                        microsystems.stream().map(name -> HOSTS + name))
                .toList();
    }
}
