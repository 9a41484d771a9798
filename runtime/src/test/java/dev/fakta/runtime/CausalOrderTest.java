// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.SagaState.Status;
import dev.fakta.log.CausalReader;
import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogRecord;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import dev.fakta.postgres.server.LocalPorts;
import dev.fakta.postgres.server.ThrowawayPostgres;
import dev.fakta.runtime.sagas.SagaDesk;
import dev.fakta.views.ViewPlace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Sagas on two nodes whose clocks lie apart: nothing is recorded, or given by the merged stream,
/// before what it follows from. The long run: `./fakta test --long`.
final class CausalOrderTest {

    private static final Duration SOON = Duration.ofMinutes(3);
    private static final Duration APART = Duration.ofMillis(100);
    private static final int WISHES = Boolean.getBoolean("fakta.long") ? 12_600 : 600;
    private static final int MOST_RUNS = 10;

    private final EventLog log = MemoryLog.create(16);
    private final ViewPlace place = new ViewPlace.Database(ThrowawayPostgres.database());
    private final List<Node> nodes = new ArrayList<>();
    private final int seed = LocalPorts.free();

    @AfterEach
    void stopAll() {
        nodes.reversed().forEach(Node::close);
        log.close();
    }

    private void start(Duration ahead) {
        var cluster =
                ClusterSettings.of(
                        "127.0.0.1",
                        nodes.isEmpty() ? seed : 0,
                        List.of("127.0.0.1:" + seed),
                        EnumSet.allOf(Role.class));
        nodes.add(
                Node.start(
                        NodeSettings.embedded(Path.of("none"))
                                .withViews(place)
                                .inCluster("node-" + nodes.size(), cluster),
                        Wish.MICROSYSTEM,
                        log,
                        InstantSource.offset(InstantSource.system(), ahead)));
    }

    @Test
    void no_effect_of_a_saga_comes_before_its_cause_though_the_clocks_lie_apart() {
        start(Duration.ZERO);
        start(APART);
        await().atMost(SOON).until(() -> nodes.stream().allMatch(node -> node.missing().isEmpty()));
        for (int i = 0; i < WISHES; i++) {
            Node node = nodes.get(i % nodes.size());
            var make = new Wish.Make(List.of("a" + i % 7, "b" + i % 11), 1, 0);
            assertThat(node.await(node.send(Wish.AGGREGATE, "w" + i, make, Cause.fresh())))
                    .isInstanceOf(Reply.Accepted.class);
        }
        await().atMost(SOON)
                .until(() -> IntStream.range(0, WISHES).allMatch(i -> isGranted("w" + i)));
        List<EventRecord> given = given(log.heads());
        assertThat(given).hasSizeGreaterThan(8 * WISHES);
        assertThat(inversions(given)).isEmpty();
    }

    private boolean isGranted(String id) {
        return nodes.getFirst().state(Wish.SAGA.aggregate(), id).state().status()
                == Status.COMPLETED;
    }

    /// All events, as the merged stream gives them.
    private List<EventRecord> given(Positions heads) {
        List<EventRecord> given = new ArrayList<>();
        try (CausalReader reader = new CausalReader(log, Positions.NONE)) {
            await().atMost(SOON)
                    .until(
                            () -> {
                                for (LogRecord record : reader.next(Duration.ofMillis(100))) {
                                    if (record instanceof EventRecord event) {
                                        given.add(event);
                                    }
                                }
                                return reader.positions().covers(heads);
                            });
        }
        return given;
    }

    /// A wish comes before its saga's first event, that one before all that the saga has done, and
    /// this before the saga's last event: in the order given, and by their times.
    private static List<String> inversions(List<EventRecord> given) {
        Map<UUID, String> commands = new HashMap<>();
        for (int i = 0; i < WISHES; i++) {
            for (long run = 1; run <= MOST_RUNS; run++) {
                commands.put(SagaDesk.commandId("granting/w" + i, run), "w" + i);
            }
        }
        Map<String, List<Integer>> chains = new HashMap<>();
        Map<String, Integer> ends = new HashMap<>();
        List<String> inversions = new ArrayList<>();
        int effects = 0;
        for (int i = 0; i < given.size(); i++) {
            NewEvent event = given.get(i).event();
            String[] stream = event.stream().split("/", 2);
            String wish =
                    stream[0].equals("tally")
                            ? commands.get(event.metadata().commandId())
                            : stream[1];
            List<Integer> before = chains.computeIfAbsent(wish, _ -> new ArrayList<>());
            boolean isStart = stream[0].equals("wish") || event.revision() == 1;
            if (stream[0].equals("tally")) {
                effects++;
                follows(given, before.size() < 2 ? -1 : before.get(1), i, inversions);
                before.add(i);
            } else if (isStart) {
                follows(given, stream[0].equals("wish") ? i : first(before), i, inversions);
                before.add(i);
            }
            if (stream[0].equals("granting")) {
                ends.put(wish, i);
            }
        }
        assertThat(effects).isEqualTo(3 * WISHES);
        ends.forEach(
                (wish, end) -> {
                    for (int cause : chains.getOrDefault(wish, List.of())) {
                        follows(given, cause, end, inversions);
                    }
                });
        return inversions;
    }

    private static int first(List<Integer> before) {
        return before.isEmpty() ? -1 : before.getFirst();
    }

    /// @param cause where it was given; -1 when it was not given before
    private static void follows(
            List<EventRecord> given, int cause, int effect, List<String> inversions) {
        boolean isRight =
                cause == effect
                        || (cause >= 0
                                && cause < effect
                                && given.get(cause).time() < given.get(effect).time());
        if (!isRight) {
            inversions.add(
                    "%s, %s: its cause is %s"
                            .formatted(
                                    given.get(effect).event().stream(),
                                    given.get(effect).event().name(),
                                    cause < 0 ? "given later" : given.get(cause)));
        }
    }
}
