// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static dev.fakta.domain.Decision.accept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.Positions;
import dev.fakta.log.SegmentLogSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several microsystems on one node, each with its own log.
class MicrosystemsTest {

    record Ring(int times) {}

    record Rung(int times) {}

    private static Aggregate<Ring, Rung, Integer> bell(String name, String event) {
        return Aggregate.named(name)
                .taking(Ring.class)
                .startingAs(0)
                .deciding((Integer _, Ring ring) -> ringing(ring))
                .evolving((rung, more) -> rung + more.times())
                .event(event, Rung.class);
    }

    private static Decision<Rung> ringing(Ring ring) {
        return accept(new Rung(ring.times()));
    }

    private static final Microsystem TALLIES = Microsystem.named("tallies").with(Tally.AGGREGATE);
    private static final Microsystem VIEWS = Microsystem.named("views").with(Tally.SUMS);

    @Test
    void two_microsystems_with_one_name_for_two_things_are_refused_and_named() {
        Microsystem other = Microsystem.named("other").with(Tally.AGGREGATE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Microsystems.of(TALLIES, other))
                .withMessage(
                        "the microsystems tallies and other both have the aggregate or saga "
                                + Tally.AGGREGATE.name());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Microsystems.of(VIEWS, Microsystem.named("b").with(Tally.SUMS)))
                .withMessage(
                        "the microsystems views and b both have the view " + Tally.SUMS.name());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Microsystems.of(TALLIES, Microsystem.named("tallies")))
                .withMessageContaining("both have the name tallies");
        assertThatIllegalArgumentException().isThrownBy(Microsystems::of);
    }

    @Test
    void two_events_of_one_name_are_refused_and_named() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Microsystems.of(
                                        Microsystem.named("a").with(bell("door", "rung")),
                                        Microsystem.named("b").with(bell("gong", "rung"))))
                .withMessage("the microsystems a and b both have the event rung");
    }

    private static EventLog open(Path directory, Microsystems microsystems) {
        return LogDirectory.open(
                directory.resolve("log"),
                microsystems.streams(),
                SegmentLogSettings.defaults().withPartitions(4));
    }

    private static Node start(Path directory, Microsystems microsystems, EventLog log) {
        return Node.start(
                NodeSettings.embedded(directory.resolve("views")),
                microsystems,
                log,
                InstantSource.system());
    }

    /// @return where the event is
    private static Positions add(Node node, long amount) {
        Reply<Tally> reply =
                node.await(
                        node.send(
                                Tally.AGGREGATE,
                                "t1",
                                new Tally.Command.Add(amount),
                                Cause.fresh()));
        assertThat(reply).isInstanceOf(Reply.Accepted.class);
        return ((Reply.Accepted<Tally>) reply).aggregate().seen();
    }

    private static List<Long> sums(Node node) {
        return node.rows(Tally.SUMS, "select sum from tally", row -> row.number("sum"));
    }

    @Test
    void a_view_of_one_follows_the_events_of_another_after_a_restart_too(@TempDir Path directory) {
        Microsystems both = Microsystems.of(VIEWS, TALLIES);
        Positions seen;
        try (EventLog log = open(directory, both);
                Node node = start(directory, both, log)) {
            seen = add(node, 3);
            assertThat(seen.partitions()[0]).isBetween(4, 7);
            assertThat(node.await(Tally.SUMS, seen, Duration.ofSeconds(20))).isTrue();
        }
        try (EventLog log = open(directory, both);
                Node node = start(directory, both, log)) {
            assertThat(node.state(Tally.AGGREGATE, "t1").revision()).isEqualTo(1);
            Positions more = add(node, 4);
            assertThat(node.await(Tally.SUMS, more, Duration.ofSeconds(20))).isTrue();
            assertThat(sums(node)).containsExactly(7L);
        }
    }
}
