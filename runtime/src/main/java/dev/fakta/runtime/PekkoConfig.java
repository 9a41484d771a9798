// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What Pekko is told: `node.conf`, and what differs from node to node.
final class PekkoConfig {

    private PekkoConfig() {}

    /// @param addresses of the nodes to join, see [Seeds]
    static Config of(ClusterSettings settings, List<String> addresses) {
        String self = settings.host() + ":" + settings.port();
        Map<String, Object> own = new HashMap<>();
        own.put("pekko.remote.artery.canonical.hostname", settings.host());
        own.put("pekko.remote.artery.canonical.port", settings.port());
        own.put("pekko.cluster.seed-node-timeout", Seeds.of(addresses, self).patience());
        own.put("pekko.cluster.roles", settings.roles().stream().map(Role::text).toList());
        if (settings.tls() != null) {
            own.putAll(settings.tls().config());
        }
        return ConfigFactory.parseMap(own)
                .withFallback(ConfigFactory.parseResources(PekkoConfig.class, "node.conf"))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }
}
