// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Microsystem;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This JVM as a member of the Pekko cluster: hosts partitions, one shard each, and finds them.
final class ClusterMember {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterMember.class);

    private final Parts parts;
    private final LocalPartitions locals;
    private final ActorSystem<Void> system;
    private final ActorRef<ShardingEnvelope<PartitionActor.Envelope>> region;

    private ClusterMember(Microsystem microsystem, Parts parts) {
        this.parts = parts;
        this.locals = new LocalPartitions(parts.log().partitions());
        this.system =
                ActorSystem.create(Behaviors.empty(), microsystem.name(), config(parts.settings()));
        Cluster cluster = Cluster.get(system);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        EntityTypeKey<PartitionActor.Envelope> key =
                EntityTypeKey.create(PartitionActor.Envelope.class, "partition");
        this.region =
                ClusterSharding.get(system)
                        .init(
                                Entity.of(
                                                key,
                                                entity ->
                                                        PartitionActor.create(
                                                                Integer.parseInt(
                                                                        entity.getEntityId()),
                                                                parts,
                                                                locals))
                                        .withMessageExtractor(
                                                new ByNumber(parts.log().partitions())));
        for (int partition = 0; partition < parts.log().partitions(); partition++) {
            tell(partition, new PartitionActor.Wake());
        }
    }

    /// Joins, and starts to take partitions.
    static ClusterMember join(Microsystem microsystem, Parts parts) {
        return new ClusterMember(microsystem, parts);
    }

    private static Config config(NodeSettings settings) {
        return ConfigFactory.parseMap(
                        Map.of(
                                "pekko.remote.artery.canonical.hostname", settings.clusterHost(),
                                "pekko.remote.artery.canonical.port", settings.clusterPort()))
                .withFallback(ConfigFactory.parseResources(ClusterMember.class, "node.conf"))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    /// The shard of a partition, and its only entity, is the partition's number.
    private static final class ByNumber
            extends ShardingMessageExtractor<
                    ShardingEnvelope<PartitionActor.Envelope>, PartitionActor.Envelope> {

        private final int partitions;

        ByNumber(int partitions) {
            this.partitions = partitions;
        }

        @Override
        public String entityId(ShardingEnvelope<PartitionActor.Envelope> envelope) {
            return envelope.entityId();
        }

        @Override
        public String shardId(String entityId) {
            int number = Integer.parseInt(entityId);
            if (number < 0 || number >= partitions) {
                throw new IllegalArgumentException("no partition " + entityId);
            }
            return entityId;
        }

        @Override
        public PartitionActor.Envelope unwrapMessage(
                ShardingEnvelope<PartitionActor.Envelope> envelope) {
            return envelope.message();
        }
    }

    @SuppressWarnings("unchecked")
    <S> CompletionStage<Reply<S>> send(
            Aggregate<?, ?, S> aggregate,
            String id,
            Object command,
            long expectedRevision,
            Cause cause) {
        var erased = (Aggregate<Object, Object, Object>) aggregate;
        int partition = parts.log().partitionOf(aggregate.stream(id));
        var answer = new CompletableFuture<Reply<Object>>();
        LocalPartitions.Local local = locals.find(partition);
        if (local == null) {
            var call =
                    new CommandCall(erased, id, command, expectedRevision, cause, answer::complete);
            tell(partition, new PartitionActor.ForPartition(new PartitionCell.Command(call)));
        } else if (local.enter()) {
            ReplyTo<Reply<Object>> leaving =
                    reply -> {
                        local.leave();
                        answer.complete(reply);
                    };
            local.submit(
                    new PartitionCell.Command(
                            new CommandCall(
                                    erased, id, command, expectedRevision, cause, leaving)));
        } else {
            answer.complete(new Reply.Busy<>());
        }
        return (CompletionStage<Reply<S>>) (CompletionStage<?>) answer;
    }

    /// The committed state of an aggregate: at once when it is in this JVM's memory.
    @SuppressWarnings("unchecked")
    CompletionStage<StateCall.Answer> state(Aggregate<?, ?, ?> aggregate, String id) {
        String stream = aggregate.stream(id);
        int partition = parts.log().partitionOf(stream);
        LocalPartitions.Local local = locals.find(partition);
        Versioned<Object> committed = local == null ? null : local.committed(stream);
        if (committed != null) {
            return CompletableFuture.completedFuture(new StateCall.Found(committed));
        }
        var answer = new CompletableFuture<StateCall.Answer>();
        var call =
                new StateCall((Aggregate<Object, Object, Object>) aggregate, id, answer::complete);
        if (local == null) {
            tell(partition, new PartitionActor.ForPartition(new PartitionCell.State(call)));
        } else {
            local.submit(new PartitionCell.State(call));
        }
        return answer;
    }

    private void tell(int partition, PartitionActor.Envelope message) {
        region.tell(new ShardingEnvelope<>(Integer.toString(partition), message));
    }

    int activePartitions() {
        return locals.count();
    }

    int commandsWaiting() {
        return locals.waiting();
    }

    /// Leaves, and waits until the partitions here have ended.
    void leave() {
        system.terminate();
        try {
            system.getWhenTerminated().toCompletableFuture().get(15, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("the node does not leave in time", e);
        }
    }
}
