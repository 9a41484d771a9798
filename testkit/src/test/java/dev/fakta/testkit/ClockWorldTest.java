// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Alarm;
import dev.fakta.domain.AlarmChanges;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Rejection;
import dev.fakta.domain.Send;
import dev.fakta.testkit.Simulation.Failure;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// Alarm clocks in a simulated world: what they do there, and faults that it finds in what is sent.
class ClockWorldTest {

    private static final String BURNT = "a fuse that was not cut has burnt down";
    private static final String CUT = "what was cut has not burnt";
    private static final String ONCE = "a fuse burns once";
    private static final Duration LENGTH = Duration.ofMinutes(10);
    private static final int WORLDS = 20_000;

    private record Fuse(boolean isLit, boolean isCut, int burnt) {
        private record Light() {}

        private record Cut() {}

        private record Burn() {}

        private record FuseLit() {}

        private record FuseCut() {}

        private record FuseBurnt() {}

        private static Aggregate<Object, Object, Fuse> aggregate(
                BiFunction<Fuse, Burn, Decision<Object>> burning) {
            return Aggregate.named("fuse")
                    .taking(Object.class)
                    .startingAs(new Fuse(false, false, 0))
                    .deciding((fuse, command) -> fuse.decide(command, burning))
                    .evolving(Fuse::evolve)
                    .event("fuse-lit", FuseLit.class)
                    .event("fuse-cut", FuseCut.class)
                    .event("fuse-burnt", FuseBurnt.class);
        }

        private Decision<Object> decide(
                Object command, BiFunction<Fuse, Burn, Decision<Object>> burning) {
            return switch (command) {
                case Light _ -> isLit ? Decision.accept() : Decision.accept(new FuseLit());
                case Cut _ ->
                        !isLit || isCut || burnt > 0
                                ? Decision.accept()
                                : Decision.accept(new FuseCut());
                case Burn burn -> burning.apply(this, burn);
                default -> throw new IllegalArgumentException(command.toString());
            };
        }

        private Fuse evolve(Object event) {
            return switch (event) {
                case FuseLit _ -> new Fuse(true, isCut, burnt);
                case FuseCut _ -> new Fuse(isLit, true, burnt);
                case FuseBurnt _ -> new Fuse(isLit, isCut, burnt + 1);
                default -> throw new IllegalArgumentException(event.toString());
            };
        }
    }

    private static AlarmClock clock(Aggregate<Object, Object, Fuse> fuses) {
        return AlarmClock.named("fuse-clock")
                .alarm(
                        Alarm.named("burn")
                                .sending(id -> Send.to(fuses, id, (Object) new Fuse.Burn())))
                .on(Fuse.FuseLit.class, (_, at) -> AlarmChanges.of(at.id()).ring("burn", LENGTH))
                .on(Fuse.FuseCut.class, (_, at) -> AlarmChanges.of(at.id()).clear("burn"));
    }

    private static Simulation of(BiFunction<Fuse, Fuse.Burn, Decision<Object>> burning) {
        Aggregate<Object, Object, Fuse> fuses = Fuse.aggregate(burning);
        AlarmClock clock = clock(fuses);
        Microsystem room = Microsystem.named("room").with(fuses).with(clock);
        return Simulation.of(
                world -> {
                    world.with(room);
                    world.actor(
                            "a match",
                            4,
                            random -> world.send(fuses, "f" + random.nextInt(3), new Fuse.Light()));
                    world.actor(
                            "scissors",
                            4,
                            random -> world.send(fuses, "f" + random.nextInt(3), new Fuse.Cut()));
                    world.always(
                            CUT,
                            () -> none(world.states(fuses), fuse -> fuse.isCut && fuse.burnt > 0));
                    world.always(ONCE, () -> none(world.states(fuses), fuse -> fuse.burnt > 1));
                    world.whenQuiet(
                            BURNT,
                            () -> {
                                assertThat(world.stuckErrands()).isEmpty();
                                assertThat(world.alarms(clock)).isEmpty();
                                none(
                                        world.states(fuses),
                                        fuse -> fuse.isLit && !fuse.isCut && fuse.burnt == 0);
                            });
                });
    }

    /// What is asked after every step makes no words while it holds.
    private static void none(Map<String, Fuse> fuses, Predicate<Fuse> wrong) {
        for (Fuse fuse : fuses.values()) {
            if (wrong.test(fuse)) {
                throw new AssertionError(fuse + " is among " + fuses);
            }
        }
    }

    private static Decision<Object> burnt() {
        return Decision.accept(new Fuse.FuseBurnt());
    }

    @Test
    void what_is_set_rings_whatever_goes_wrong() {
        of((fuse, _) -> fuse.isLit && !fuse.isCut && fuse.burnt == 0 ? burnt() : Decision.accept())
                .run(WORLDS);
    }

    @Test
    void an_aggregate_that_does_not_look_whether_it_was_cleared_is_found() {
        assertThat(of((fuse, _) -> fuse.burnt == 0 ? burnt() : Decision.accept()).find(WORLDS))
                .map(Failure::law)
                .contains(CUT);
    }

    @Test
    void an_aggregate_that_counts_each_ring_is_found() {
        assertThat(of((fuse, _) -> fuse.isCut ? Decision.accept() : burnt()).find(WORLDS))
                .map(Failure::law)
                .contains(ONCE);
    }

    private enum Wet implements Rejection {
        WET
    }

    @Test
    void an_alarm_that_is_refused_for_ever_is_stuck_until_it_is_set_again() {
        Aggregate<Object, Object, Fuse> fuses = Fuse.aggregate((_, _) -> Decision.reject(Wet.WET));
        AlarmClock clock = clock(fuses);
        CalmWorld calm = CalmWorld.of(Microsystem.named("room").with(fuses).with(clock));
        calm.send(fuses, "f", new Fuse.Light());
        assertThat(calm.alarms(clock)).containsOnlyKeys("burn:f");
        calm.pass(LENGTH.plusMinutes(5));
        assertThat(calm.stuckErrands())
                .containsExactly(Map.entry("fuse-clock burn:f", "WET: Wet."));
    }
}
