// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.pekko;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;

/// A cluster of one node that hosts the orders and serves them over HTTP.
final class OrderService implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration DRAINING = Duration.ofSeconds(3);

    private final ActorSystem<Void> system;
    private final ServerBinding binding;

    private OrderService(ActorSystem<Void> system, ServerBinding binding) {
        this.system = system;
        this.binding = binding;
    }

    /// Returns when it serves.
    static OrderService start(Options options) throws IOException, SQLException {
        Schema.create(options.jdbcUrl());
        ActorSystem<Void> system =
                ActorSystem.create(Behaviors.empty(), "orders", config(options.jdbcUrl()));
        try {
            awaitUp(system);
            ServerBinding binding = bind(system, options.port());
            return new OrderService(system, binding.addToCoordinatedShutdown(DRAINING, system));
        } catch (RuntimeException e) {
            system.terminate();
            throw e;
        }
    }

    private static ServerBinding bind(ActorSystem<Void> system, int port) {
        ClusterSharding sharding = ClusterSharding.get(system);
        sharding.init(Entity.of(OrderEntity.KEY, OrderEntity::create));
        OrderRoutes routes = new OrderRoutes(sharding, new Catalogue(), InstantSource.system());
        return Http.get(system)
                .newServerAt("127.0.0.1", port)
                .bind(routes.all())
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    int port() {
        return binding.localAddress().getPort();
    }

    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated()
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private static Config config(String jdbcUrl) {
        return ConfigFactory.parseMap(
                        Map.of("pekko-persistence-jdbc.shared-databases.slick.db.url", jdbcUrl))
                .withFallback(ConfigFactory.load());
    }

    private static void awaitUp(ActorSystem<Void> system) {
        CompletableFuture<Done> up = new CompletableFuture<>();
        org.apache.pekko.cluster.Cluster.get(system)
                .registerOnMemberUp(() -> up.complete(Done.getInstance()));
        Cluster cluster = Cluster.get(system);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        up.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
}
