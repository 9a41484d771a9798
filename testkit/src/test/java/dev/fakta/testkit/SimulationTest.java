// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.testkit.Simulation.Failure;
import dev.fakta.testkit.Transfers.TransferCommand.Ask;
import dev.fakta.testkit.Transfers.TransferCommand.CallOff;
import dev.fakta.testkit.Transfers.Wallet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final String KEPT = "money is neither made nor lost";
    private static final int WORLDS = 1_000;

    // region world
    /// Customers move money between two wallets, and change their minds.
    private static void bank(World world, Transfers transfers) {
        world.with(transfers.microsystem());
        world.actor(
                "a customer",
                6,
                random -> {
                    String id = "t" + random.nextInt(3);
                    if (random.nextBoolean()) {
                        world.send(Transfers.TRANSFERS, id, new Ask("ann", "bob", 10));
                    } else {
                        world.send(Transfers.TRANSFERS, id, new CallOff());
                    }
                });
        world.whenQuiet(
                KEPT,
                () -> {
                    Wallet ann = world.state(transfers.wallets, "ann");
                    Wallet bob = world.state(transfers.wallets, "bob");
                    assertThat(ann.balance() + bob.balance()).isEqualTo(2 * Transfers.FILLED);
                });
    }

    // endregion

    private static Simulation of(Transfers transfers) {
        return Simulation.of(world -> bank(world, transfers));
    }

    // region run
    @Test
    void no_order_of_events_makes_or_loses_money() {
        Transfers transfers = new Transfers(true, true);
        Simulation.of(world -> bank(world, transfers)).run(1_000);
    }

    // endregion

    private static Failure found(Simulation simulation) {
        return simulation.find(10 * WORLDS).orElseThrow();
    }

    @Test
    void it_finds_a_rule_that_bears_one_order_only() {
        Failure failure = found(of(new Transfers(true, false)));
        assertThat(failure.law()).isEqualTo(KEPT);
        assertThat(failure.reason()).contains("200");
        assertThat(failure.history()).anyMatch(line -> line.contains("CalledOff"));
    }

    @Test
    void it_finds_a_payment_that_counts_twice_when_it_comes_twice() {
        Failure failure = found(of(new Transfers(false, true)));
        assertThat(failure.law()).isEqualTo(KEPT);
        assertThat(failure.history()).anyMatch(line -> line.contains("runner dies"));
    }

    @Test
    void the_history_it_shows_is_short_and_can_be_played_again() {
        Simulation simulation = of(new Transfers(true, false));
        Failure failure = found(simulation);
        String steps = failure.replay().substring(failure.replay().indexOf(':') + 1);
        assertThat(steps.split("[ -]+")).hasSizeLessThan(20);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> simulation.replay(failure.replay()))
                .withMessageContaining(KEPT)
                .withMessageContaining(String.join(System.lineSeparator(), failure.history()));
    }

    @Test
    void what_is_played_again_holds_once_it_is_mended() {
        Failure failure = found(of(new Transfers(true, false)));
        of(new Transfers(true, true)).replay(failure.replay());
    }

    @Test
    void on_several_cores_a_world_is_the_same_as_when_it_is_played_alone() {
        Simulation simulation = of(new Transfers(true, false));
        List<Failure> failures = simulation.onCores(3).findAll(10 * WORLDS, 3);
        assertThat(failures).hasSize(3).doesNotHaveDuplicates();
        for (Failure failure : failures) {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> simulation.replay(failure.replay()))
                    .withMessageContaining(String.join(System.lineSeparator(), failure.history()));
        }
    }

    @Test
    void each_world_that_keeps_its_laws_is_looked_at_once() {
        AtomicInteger kept = new AtomicInteger();
        List<Failure> failures =
                of(new Transfers(true, false))
                        .onCores(2)
                        .atEnd(_ -> kept.incrementAndGet())
                        .findAll(WORLDS / 2, WORLDS);
        assertThat(failures).isNotEmpty();
        assertThat(kept.get() + failures.size()).isEqualTo(WORLDS / 2);
    }

    @Test
    void a_line_that_is_none_is_told() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(new Transfers(true, true)).replay("seventeen"))
                .withMessageContaining("a seed, a colon and steps")
                .withMessageContaining("seventeen");
    }

    @Test
    void a_law_that_always_holds_is_looked_at_after_every_step() {
        Transfers transfers = new Transfers(true, true);
        Failure failure =
                found(
                        Simulation.of(
                                world -> {
                                    bank(world, transfers);
                                    world.always(
                                            "nobody pays",
                                            () ->
                                                    assertThat(
                                                                    world.state(
                                                                                    transfers
                                                                                            .wallets,
                                                                                    "ann")
                                                                            .balance())
                                                            .isEqualTo(Transfers.FILLED));
                                }));
        assertThat(failure.law()).isEqualTo("nobody pays");
        assertThat(failure.history().getLast()).contains("wallet/ann");
    }

    @Test
    void code_that_throws_breaks_a_law() {
        Aggregate<String, Flown, String> careless =
                Aggregate.named("careless")
                        .taking(String.class)
                        .startingAs("")
                        .deciding(SimulationTest::throwing)
                        .evolving((String state, Flown _) -> state)
                        .event("careless-flown", Flown.class);
        Optional<Failure> failure =
                Simulation.of(
                                world ->
                                        world.with(Microsystem.named("m").with(careless))
                                                .actor(
                                                        "somebody",
                                                        1,
                                                        _ -> world.send(careless, "a", "fly")))
                        .find(WORLDS);
        assertThat(failure).isPresent();
        assertThat(failure.get().law()).isEqualTo(Simulation.DOES_NOT_FAIL);
        assertThat(failure.get().reason()).contains("cannot fly").contains("SimulationTest");
    }

    private record Flown() {}

    private static Decision<Flown> throwing(String state, String command) {
        throw new IllegalStateException("cannot " + command);
    }

    @Test
    void time_stands_still_until_nothing_else_is_left() {
        List<Duration> moments = new ArrayList<>();
        Simulation.of(
                        world -> {
                            moments.clear();
                            var start = world.now();
                            for (int hours : List.of(5, 1, 3)) {
                                world.later(
                                        Duration.ofHours(hours),
                                        hours + " hours",
                                        () -> moments.add(Duration.between(start, world.now())));
                            }
                            world.later(
                                    Duration.ofDays(400),
                                    "beyond the end",
                                    () -> moments.add(Duration.ofDays(400)));
                        })
                .steps(0)
                .run(1);
        assertThat(moments)
                .containsExactly(Duration.ofHours(1), Duration.ofHours(3), Duration.ofHours(5));
    }

    @Test
    void a_worker_goes_on_until_nothing_is_left_to_do() {
        int[] left = new int[1];
        Simulation.of(
                        world -> {
                            left[0] = 200;
                            world.worker("a baker", _ -> left[0] > 0 && left[0]-- > 0);
                            world.whenQuiet("all is done", () -> assertThat(left[0]).isZero());
                        })
                .run(1);
    }

    @Test
    void what_never_ends_breaks_a_law() {
        Failure failure =
                found(
                        Simulation.of(
                                world -> {
                                    Runnable[] again = new Runnable[1];
                                    again[0] = () -> world.later(Duration.ZERO, "again", again[0]);
                                    again[0].run();
                                }));
        assertThat(failure.law()).isEqualTo(Simulation.COMES_TO_REST);
    }

    @Test
    void a_world_is_the_same_each_time_it_is_played() {
        Failure failure = found(of(new Transfers(true, false)));
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> of(new Transfers(true, false)).replay(failure.replay()))
                    .satisfies(broken -> told.add(broken.getMessage()));
        }
        assertThat(told.getFirst()).isEqualTo(told.getLast());
    }
}
