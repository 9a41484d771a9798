// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.SagaState.Status;
import dev.fakta.log.EventLog;
import dev.fakta.log.JoinedLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Positions;
import dev.fakta.postgres.server.LocalPorts;
import dev.fakta.postgres.server.ThrowawayPostgres;
import dev.fakta.views.ViewPlace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two microsystems of one cluster on nodes of their own: what one asks of the other works as if
/// both were in one process.
class ApartTest {

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int EACH = 8;

    record Request(long amount) {}

    private static final Processor<Request, Tally.Command> DOUBLING =
            Processor.named("doubling")
                    .taking(Request.class)
                    .sendingTo(Tally.AGGREGATE)
                    .processing(
                            (request, _) ->
                                    new Processor.Outcome.Send<>(
                                            new Tally.Command.Add(2 * request.amount())));

    private static final Microsystem TALLIES =
            Microsystem.named("tallies").with(Tally.AGGREGATE).with(DOUBLING);

    /// Its saga commands tallies, and its view shows them.
    private static final Microsystem WISHES =
            Microsystem.named("wishes").with(Wish.AGGREGATE).with(Wish.SAGA).with(Tally.SUMS);

    private static final Microsystems BOTH = Microsystems.of(WISHES, TALLIES);

    @TempDir Path directory;

    private final EventLog log =
            JoinedLog.of(List.of(part("wishes", 0, BOTH), part("tallies", EACH, BOTH)));
    private final ViewPlace place = new ViewPlace.Database(ThrowawayPostgres.database());
    private final List<Node> nodes = new ArrayList<>();
    private final int seed = LocalPorts.free();

    private static JoinedLog.Part part(String name, int first, Microsystems all) {
        Set<String> kinds = all.streams().getOrDefault(name, Set.of());
        return new JoinedLog.Part(name, first, MemoryLog.create(EACH), kinds);
    }

    private Node start(String microsystem) {
        int port = nodes.isEmpty() ? seed : 0;
        var cluster =
                ClusterSettings.of(
                        "127.0.0.1", port, List.of("127.0.0.1:" + seed), EnumSet.allOf(Role.class));
        Node node =
                Node.start(
                        NodeSettings.embedded(directory)
                                .withViews(place)
                                .inCluster(microsystem + "-" + nodes.size(), cluster),
                        BOTH.hosting(Set.of(microsystem)),
                        log,
                        InstantSource.system());
        nodes.add(node);
        return node;
    }

    @AfterEach
    void stop() {
        nodes.reversed().forEach(Node::close);
        log.close();
    }

    private static void awaitShare(Node node, int active) {
        await().atMost(SOON).until(() -> node.status().activePartitions() == active);
    }

    private static Positions add(Node node, String id, long amount) {
        Reply<Tally> reply =
                node.await(
                        node.send(
                                Tally.AGGREGATE, id, new Tally.Command.Add(amount), Cause.fresh()));
        assertThat(reply).isInstanceOf(Reply.Accepted.class);
        return ((Reply.Accepted<Tally>) reply).aggregate().seen();
    }

    private static void wish(Node node, String id, String tally) {
        var make = new Wish.Make(List.of(tally), 5, 0);
        assertThat(node.await(node.send(Wish.AGGREGATE, id, make, Cause.fresh())))
                .isInstanceOf(Reply.Accepted.class);
        await().atMost(SOON)
                .until(
                        () ->
                                node.state(Wish.SAGA.aggregate(), id).state().status()
                                        == Status.COMPLETED);
    }

    private static long sum(Node node, String tally) {
        return node.state(Tally.AGGREGATE, tally).state().sum();
    }

    @Test
    void a_microsystem_on_other_nodes_is_commanded_asked_and_followed_as_if_it_were_here() {
        Node wishes = start("wishes");
        Node tallies = start("tallies");
        awaitShare(wishes, EACH);
        awaitShare(tallies, EACH);
        Positions seen = add(wishes, "t", 3);
        assertThat(sum(wishes, "t")).isEqualTo(3);
        assertThat(wishes.await(Tally.SUMS, seen, SOON)).isTrue();
        assertThat(wishes.views().runs(Tally.SUMS)).isTrue();
        assertThat(tallies.views().runs(Tally.SUMS)).isFalse();
        Reply<Tally> doubled = wishes.process(DOUBLING, "t", new Request(2), Cause.fresh());
        assertThat(doubled).isInstanceOf(Reply.Accepted.class);
        assertThat(sum(tallies, "t")).isEqualTo(7);
        wish(wishes, "w1", "t");
        assertThat(sum(wishes, "t")).isEqualTo(12);
    }

    @Test
    void it_goes_on_when_the_only_node_that_hosts_a_microsystem_was_replaced() {
        Node wishes = start("wishes");
        Node tallies = start("tallies");
        awaitShare(tallies, EACH);
        Positions _ = add(wishes, "t", 3);
        nodes.remove(tallies);
        tallies.close();
        awaitShare(wishes, EACH); // and no partition of the other
        Node replacement = start("tallies");
        awaitShare(replacement, EACH);
        assertThat(sum(wishes, "t")).isEqualTo(3);
        wish(wishes, "w2", "t");
        assertThat(wishes.await(Tally.SUMS, add(replacement, "t", 1), SOON)).isTrue();
        assertThat(sum(wishes, "t")).isEqualTo(9);
        assertThat(wishes.status().activePartitions()).isEqualTo(EACH);
    }
}
