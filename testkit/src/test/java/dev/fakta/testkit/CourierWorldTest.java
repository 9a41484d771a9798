// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Courier;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.First;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Problem;
import dev.fakta.testkit.Simulation.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Couriers in a simulated world: what they must bear there, and faults that it finds in them.
class CourierWorldTest {

    private static final String SAME = "the lamp is what the switch wants, and the switch knows it";
    private static final int WORLDS = 20_000;

    /// What a switch wants of its lamp, and what it thinks that the lamp is.
    private record Switch(long wanted, long known) {
        private record Set(long level) {}

        private record Heard(long level) {}

        private record SwitchSet(long level) {}

        private record SwitchHeard(long level) {}

        private static final Aggregate<Object, Object, Switch> AGGREGATE =
                Aggregate.named("switch")
                        .taking(Object.class)
                        .startingAs(new Switch(0, 0))
                        .deciding(Switch::decide)
                        .evolving(Switch::evolve)
                        .event("switch-set", SwitchSet.class)
                        .event("switch-heard", SwitchHeard.class);

        private Decision<Object> decide(Object command) {
            return switch (command) {
                case Set(var level) -> Decision.accept(new SwitchSet(level));
                case Heard(var level) ->
                        level == known
                                ? Decision.accept()
                                : Decision.accept(new SwitchHeard(level));
                default -> throw new IllegalArgumentException(command.toString());
            };
        }

        private Switch evolve(Object event) {
            return switch (event) {
                case SwitchSet(var level) -> new Switch(level, known);
                case SwitchHeard(var level) -> new Switch(wanted, level);
                default -> throw new IllegalArgumentException(event.toString());
            };
        }
    }

    private record Lamp(long level) {
        private record Shine(long level) {}

        private record Brighten(long by) {}

        private record LampShone(long level) {}

        private static final Aggregate<Object, LampShone, Lamp> AGGREGATE =
                Aggregate.named("lamp")
                        .taking(Object.class)
                        .startingAs(new Lamp(0))
                        .deciding(Lamp::decide)
                        .evolving((Lamp _, LampShone shone) -> new Lamp(shone.level))
                        .event("lamp-shone", LampShone.class);

        private static Decision<LampShone> decide(Lamp lamp, Object command) {
            long level =
                    switch (command) {
                        case Shine(var to) -> to;
                        case Brighten(var by) -> lamp.level + by;
                        default -> throw new IllegalArgumentException(command.toString());
                    };
            return level == lamp.level ? Decision.accept() : Decision.accept(new LampShone(level));
        }
    }

    private record Wire() {}

    @FunctionalInterface
    private interface Wish {
        Object of(Switch wanting, Lamp lamp);
    }

    private static Microsystem room(Wish wish, boolean hearsOfLamps) {
        Processor<Wire, Object> carry =
                Processor.named("carry")
                        .taking(Wire.class)
                        .sendingTo(Switch.AGGREGATE)
                        .processing((_, context) -> carry(wish, context));
        Courier courier =
                Courier.named("wire")
                        .carrying(carry, new Wire())
                        .on(Switch.SwitchSet.class, (_, at) -> at.id());
        return Microsystem.named("room")
                .with(Switch.AGGREGATE)
                .with(Lamp.AGGREGATE)
                .with(
                        hearsOfLamps
                                ? courier.on(Lamp.LampShone.class, (_, at) -> at.id())
                                : courier);
    }

    private static Outcome<Object> carry(Wish wish, Processor.Context context) {
        String id = context.id();
        Switch wanting = context.state(Switch.AGGREGATE, id);
        Lamp lamp = context.state(Lamp.AGGREGATE, id);
        return new Outcome.Exchange<>(
                List.of(new First<>(Lamp.AGGREGATE, id, wish.of(wanting, lamp))),
                after -> new Switch.Heard(after.state(Lamp.AGGREGATE, id).level));
    }

    private static Simulation of(Microsystem room) {
        return Simulation.of(
                world -> {
                    world.with(room);
                    world.actor(
                            "a hand",
                            5,
                            random ->
                                    world.send(
                                            Switch.AGGREGATE,
                                            "s" + random.nextInt(2),
                                            new Switch.Set(random.nextInt(4))));
                    world.actor(
                            "a draught",
                            2,
                            random ->
                                    world.send(
                                            Lamp.AGGREGATE,
                                            "s" + random.nextInt(2),
                                            new Lamp.Shine(random.nextInt(4))));
                    world.whenQuiet(SAME, () -> checkSame(world));
                });
    }

    private static void checkSame(World world) {
        assertThat(world.stuckErrands()).isEmpty();
        world.states(Switch.AGGREGATE)
                .forEach(
                        (id, wanting) -> {
                            assertThat(world.state(Lamp.AGGREGATE, id).level)
                                    .isEqualTo(wanting.wanted);
                            assertThat(wanting.known).isEqualTo(wanting.wanted);
                        });
    }

    @Test
    void what_is_wanted_comes_to_be_whatever_goes_wrong() {
        of(room((wanting, _) -> new Lamp.Shine(wanting.wanted), true)).run(WORLDS);
    }

    @Test
    void a_courier_that_carries_differences_is_found() {
        Simulation carrying =
                of(room((wanting, lamp) -> new Lamp.Brighten(wanting.wanted - lamp.level), false));
        assertThat(carrying.find(WORLDS)).map(Failure::law).contains(SAME);
    }

    @Test
    void a_counterpart_that_does_not_call_is_found() {
        Simulation deaf = of(room((wanting, _) -> new Lamp.Shine(wanting.wanted), false));
        assertThat(deaf.find(WORLDS)).map(Failure::law).contains(SAME);
    }

    @Test
    void an_errand_that_is_refused_for_ever_is_stuck_until_it_is_called_again() {
        Processor<Wire, Object> refusing =
                Processor.named("refuse")
                        .taking(Wire.class)
                        .sendingTo(Switch.AGGREGATE)
                        .processing(
                                (_, _) ->
                                        new Outcome.Refuse<>(
                                                List.of(new Problem("wire", "is cut"))));
        Microsystem room =
                Microsystem.named("room")
                        .with(Switch.AGGREGATE)
                        .with(
                                Courier.named("wire")
                                        .carrying(refusing, new Wire())
                                        .on(Switch.SwitchSet.class, (_, at) -> at.id()));
        CalmWorld calm = CalmWorld.of(room);
        calm.send(Switch.AGGREGATE, "s", new Switch.Set(1));
        assertThat(calm.stuckErrands()).isEmpty();
        calm.pass(Duration.ofMinutes(1));
        assertThat(calm.stuckErrands())
                .containsExactly(Map.entry("wire s", "REFUSED: wire: is cut"));
        calm.send(Switch.AGGREGATE, "s", new Switch.Set(2));
        assertThat(calm.stuckErrands()).isEmpty();
    }
}
