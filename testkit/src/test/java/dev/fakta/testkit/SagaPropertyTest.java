// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.At;
import dev.fakta.domain.Decision;
import dev.fakta.domain.SagaCommand;
import dev.fakta.domain.SagaCommand.Fact;
import dev.fakta.domain.SagaCommand.Offer;
import dev.fakta.domain.SagaCommand.Told;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.SagaState.Run;
import dev.fakta.testkit.Tour.CancelAsked;
import dev.fakta.testkit.Tour.Order;
import dev.fakta.testkit.Tour.Wished;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Whatever order inputs come in, however often they come, and whichever answers are lost on the
/// way: all is done in the end, or all is undone, once and in reverse order.
class SagaPropertyTest {

    private static final Aggregate<SagaCommand, Object, SagaState<Tour>> TOUR =
            Tour.SAGA.aggregate();

    /// A world that keeps its own books: a command has one effect under its number.
    private static final class World {
        private final Random random;
        private final Set<String> full;
        private final Set<Long> carriedOut = new HashSet<>();
        private final Map<Long, Told> answers = new HashMap<>();
        private final List<String> held = new ArrayList<>();
        private final List<String> released = new ArrayList<>();
        private final List<Offer> past = new ArrayList<>();
        private SagaState<Tour> state = TOUR.initial();
        private Instant now = Instant.parse("2026-07-01T12:00:00Z");

        World(Random random, Set<String> full) {
            this.random = random;
            this.full = full;
        }

        void tell(Offer... offers) {
            past.addAll(List.of(offers));
            var command = new SagaCommand.Take(now, List.of(offers));
            if (TOUR.decide(state, command) instanceof Decision.Accepted<Object>(var events)) {
                events.forEach(event -> state = TOUR.evolve(state, event));
            }
        }

        /// Sends an open command; its answer may be lost on the way.
        void send(Run run) {
            var request = run.request();
            if (request != null && carriedOut.add(run.number())) {
                answers.put(run.number(), carryOut(run.number(), request.id(), request.command()));
            }
        }

        private Told carryOut(long number, String id, Object command) {
            switch ((Order) command) {
                case Order.Reserve _, Order.Charge _, Order.Confirm _ -> {
                    if (full.contains(id)) {
                        return Told.refused(number, "FULL", "");
                    }
                    held.add(id);
                }
                case Order.Release _, Order.Refund _ -> {
                    assertThat(held).as("released before it was held").contains(id);
                    assertThat(released).as("released twice").doesNotContain(id);
                    released.add(id);
                }
                case Order.Reject _, Order.Advertise _ -> {}
            }
            return Told.accepted(number);
        }

        void step() {
            List<Run> open = state.open();
            switch (random.nextInt(6)) {
                case 0 -> tell(past.get(random.nextInt(past.size())));
                case 1 -> now = now.plus(Duration.ofSeconds(random.nextInt(60)));
                case 2 -> state.due(now).forEach(due -> tell(new Offer(due, null)));
                case 3 -> {
                    if (!open.isEmpty()) {
                        send(open.get(random.nextInt(open.size())));
                    }
                }
                default -> {
                    List<Told> known =
                            open.stream()
                                    .map(run -> answers.get(run.number()))
                                    .filter(Objects::nonNull)
                                    .toList();
                    if (!known.isEmpty()) {
                        tell(new Offer(known.get(random.nextInt(known.size())), null));
                    }
                }
            }
        }
    }

    private static Offer event(long offset, Object event) {
        UUID id = new UUID(0, offset);
        At at = new At("t", offset, 0, offset, Instant.EPOCH, "", id, id, id);
        String name = event.getClass().getSimpleName();
        return new Offer(Told.event(name, 0, offset), new Fact(name, event, at));
    }

    @Property(tries = 2_000)
    void all_is_done_or_all_is_undone_in_reverse_order(
            @ForAll long seed, @ForAll @IntRange(max = 5) int count, @ForAll boolean isCancelled) {
        Random random = new Random(seed);
        List<String> hotels = IntStream.range(0, count).mapToObj(i -> "hotel-" + i).toList();
        Set<String> full = new HashSet<>();
        if (random.nextInt(3) == 0) {
            full.add(random.nextBoolean() || count == 0 ? "card" : hotels.getFirst());
        }
        World world = new World(random, full);
        world.tell(event(1, new Wished(hotels)));
        int cancelAt = isCancelled ? random.nextInt(40) : -1;
        for (int i = 0; i < 5_000 && world.state.status() != SagaState.Status.COMPLETED; i++) {
            if (i == cancelAt) {
                world.tell(event(2, new CancelAsked()));
            }
            world.step();
        }
        assertThat(world.state.status()).isEqualTo(SagaState.Status.COMPLETED);
        List<String> kept = new ArrayList<>(world.held);
        kept.removeAll(world.released);
        if (world.held.contains("desk")) {
            assertThat(world.released).isEmpty();
            assertThat(world.held).containsAll(hotels).contains("card", "desk");
        } else {
            assertThat(kept).as("still held").isEmpty();
            List<String> inOrder = new ArrayList<>(hotels);
            inOrder.add("card");
            inOrder.retainAll(world.held);
            assertThat(world.released).isEqualTo(inOrder.reversed());
        }
    }
}
