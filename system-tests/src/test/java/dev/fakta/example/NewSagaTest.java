// SPDX-License-Identifier: Apache-2.0
package dev.fakta.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Progress;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaInput;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import dev.fakta.example.GiftCard.Command.Issue;
import dev.fakta.example.GiftCard.Command.TopUp;
import dev.fakta.example.GiftCard.Event.Issued;
import dev.fakta.log.EventLog;
import dev.fakta.postgres.PostgresLog;
import dev.fakta.postgres.PostgresLogSettings;
import dev.fakta.postgres.server.LocalPorts;
import dev.fakta.postgres.server.ThrowawayPostgres;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.ClusterSettings;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Role;
import dev.fakta.views.ViewPlace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A saga that gives a cent to each gift card, added to a cluster on PostgreSQL whose log has cards
/// already. Each node has a log of its own over the one database.
final class NewSagaTest {

    private static final Duration SOON = Duration.ofSeconds(90);

    record Welcomed() {}

    private static final Step<String> GIVE =
            Step.<String>named("give")
                    .doing((_, card) -> Send.to(GiftCard.AGGREGATE, card, new TopUp(1)));

    private static final Saga<Welcomed, String> WELCOME =
            Saga.named("welcome")
                    .startingWithNewEvents()
                    .startingAs("")
                    .reacting((String _, SagaInput input, Progress _) -> react(input))
                    .evolving((String state, Welcomed _) -> state)
                    .event("welcome-welcomed", Welcomed.class)
                    .on(Issued.class, (_, at) -> at.id())
                    .step(GIVE);

    private static final Microsystem FIRST =
            Microsystem.named("gift-cards").with(GiftCard.AGGREGATE);
    private static final Microsystem SECOND = FIRST.with(WELCOME);

    private final String url = ThrowawayPostgres.database();
    private final Deque<Running> nodes = new ArrayDeque<>();
    private int started;
    private int seedPort;

    private record Running(Node node, EventLog log) {
        void stop() {
            node.close();
            log.close();
        }
    }

    private static Reaction<Welcomed> react(SagaInput input) {
        return switch (input) {
            case SagaInput.Happened(_, var at) ->
                    Reaction.record(new Welcomed()).run(GIVE.name(), at.id());
            case SagaInput.Done _, SagaInput.Refused _ -> Reaction.<Welcomed>nothing().complete();
            case SagaInput.Unanswered _, SagaInput.Woken _, SagaInput.Compensated _ ->
                    Reaction.nothing();
        };
    }

    /// Adds a node to the cluster, or founds one.
    private Node start(Microsystem program) {
        int port = LocalPorts.free();
        int seed = nodes.isEmpty() ? port : seedPort;
        seedPort = seed;
        EventLog log = PostgresLog.open(PostgresLogSettings.of(url).withSchema("cards"));
        Node node =
                Node.start(
                        NodeSettings.embedded(Path.of("none"))
                                .withViews(new ViewPlace.Database(url))
                                .inCluster(
                                        "node-" + started++,
                                        ClusterSettings.of(
                                                "127.0.0.1",
                                                port,
                                                List.of("127.0.0.1:" + seed),
                                                EnumSet.allOf(Role.class))),
                        program,
                        log,
                        InstantSource.system());
        nodes.add(new Running(node, log));
        await().atMost(SOON)
                .until(() -> nodes.stream().allMatch(one -> one.node.missing().isEmpty()));
        return node;
    }

    private void stopFirst() {
        nodes.remove().stop();
    }

    @AfterEach
    void stopAll() {
        nodes.forEach(Running::stop);
    }

    private static void issue(Node node, String card) {
        assertThat(node.await(node.send(GiftCard.AGGREGATE, card, new Issue(100), Cause.fresh())))
                .isInstanceOf(Reply.Accepted.class);
    }

    private static long balance(Node node, String card) {
        return node.state(GiftCard.AGGREGATE, card).state().balance();
    }

    private static void awaitWelcomed(Node node, String... cards) {
        for (String card : cards) {
            await().atMost(SOON).until(() -> balance(node, card) == 101);
        }
    }

    @Test
    void a_new_saga_hears_what_is_recorded_after_its_first_start_on_whichever_node_it_runs() {
        issue(start(FIRST), "old-1");
        stopFirst();
        Node first = start(SECOND);
        Node second = start(SECOND);
        issue(first, "new-1");
        awaitWelcomed(second, "new-1");
        stopFirst();
        issue(second, "new-2");
        awaitWelcomed(second, "new-2");
        stopFirst();
        issue(start(FIRST), "between");
        stopFirst();
        Node last = start(SECOND);
        issue(last, "new-3");
        awaitWelcomed(last, "between", "new-3");
        assertThat(balance(last, "old-1")).isEqualTo(100);
        assertThat(balance(last, "new-1")).isEqualTo(101);
    }
}
