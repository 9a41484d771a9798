// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaInput;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import dev.fakta.log.EventLog;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Sagas of five steps, one after the other, in one JVM on the embedded log: each step is a durable
/// command to another aggregate. So many are underway at any time.
final class SagasBenchmark implements Benchmark {

    private static final int UNDERWAY = 1_000;
    private static final int STREAMS = 64;
    private static final int STEPS = 5;
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOOK_NANOS = 5_000_000;

    /// What a step does: one more.
    private record Place(long visits) {
        record Visit() {}

        record Visited() {}

        static final Aggregate<Visit, Visited, Place> AGGREGATE =
                Aggregate.named("place")
                        .taking(Visit.class)
                        .startingAs(new Place(0))
                        .deciding((Place _, Visit _) -> Decision.accept(new Visited()))
                        .evolving((Place place, Visited _) -> new Place(place.visits + 1))
                        .event("place-visited", Visited.class);
    }

    /// What a saga begins with.
    private record Walk(boolean isBegun) {
        record Begin() {}

        record Begun() {}

        static final Aggregate<Begin, Begun, Walk> AGGREGATE =
                Aggregate.named("walk")
                        .taking(Begin.class)
                        .startingAs(new Walk(false))
                        .deciding((Walk _, Begin _) -> Decision.accept(new Begun()))
                        .evolving((Walk _, Begun _) -> new Walk(true))
                        .event("walk-begun", Begun.class);
    }

    private static Saga<Object, Walk> saga() {
        Saga<Object, Walk> saga =
                Saga.named("walking")
                        .startingAs(new Walk(false))
                        .<Object>reacting((_, input, _) -> react(input))
                        .evolving((Walk walk, Object _) -> walk)
                        .on(Walk.Begun.class, (_, at) -> at.id());
        for (int step = 1; step <= STEPS; step++) {
            String place = "p" + step + "-";
            saga =
                    saga.step(
                            Step.<Walk>named("step-" + step)
                                    .doing(
                                            (_, key) ->
                                                    Send.to(
                                                            Place.AGGREGATE,
                                                            place + key,
                                                            new Place.Visit())));
        }
        return saga;
    }

    private static Reaction<Object> react(SagaInput input) {
        return switch (input) {
            case SagaInput.Happened(_, var at) ->
                    Reaction.nothing()
                            .run(
                                    "step-1",
                                    Integer.toString(Math.floorMod(at.id().hashCode(), STREAMS)));
            case SagaInput.Done(var step, _) when step.equals("step-" + STEPS) ->
                    Reaction.nothing().complete();
            case SagaInput.Done(var step, var key) ->
                    Reaction.nothing()
                            .run("step-" + (1 + step.charAt("step-".length()) - '0'), key);
            case SagaInput other -> throw new IllegalStateException("unexpected " + other);
        };
    }

    @Override
    public String name() {
        return "sagas";
    }

    @Override
    public String description() {
        return "in-process sagas of %d durable steps, %,d underway".formatted(STEPS, UNDERWAY);
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        Microsystem walks =
                Microsystem.named("walks").with(Walk.AGGREGATE).with(Place.AGGREGATE).with(saga());
        try (TemporaryDirectory data = TemporaryDirectory.create();
                EventLog log =
                        SegmentLog.open(data.path().resolve("log"), SegmentLogSettings.defaults());
                Node node =
                        Node.start(
                                NodeSettings.embedded(data.path().resolve("views")),
                                walks,
                                log,
                                InstantSource.system())) {
            Walker walker = new Walker(node);
            double _ = walker.walk(WARM_UP);
            double sagas = walker.walk(time);
            return List.of(
                    Figure.of("sagas of " + STEPS + " steps", sagas, "sagas/s"),
                    Figure.of("their steps", sagas * STEPS, "steps/s"));
        }
    }

    /// Begins walks, as many as end.
    private static final class Walker {
        private final Node node;
        private long begun;

        Walker(Node node) {
            this.node = node;
        }

        double walk(Duration time) {
            long first = ended();
            long start = System.nanoTime();
            while (System.nanoTime() - start < time.toNanos()) {
                for (long free = UNDERWAY - (begun - ended()); free > 0; free--) {
                    var _ =
                            node.send(
                                    Walk.AGGREGATE, "w" + ++begun, new Walk.Begin(), Cause.fresh());
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
            double rate = (ended() - first) / ((System.nanoTime() - start) / 1e9);
            awaitAll();
            return rate;
        }

        private void awaitAll() {
            long start = System.nanoTime();
            while (ended() < begun) {
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new IllegalStateException(begun - ended() + " sagas do not end");
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
            if (ended() != begun) {
                throw new IllegalStateException("%d ended of %d".formatted(ended(), begun));
            }
        }

        /// Each saga visits one of the last places once.
        private long ended() {
            long visits = 0;
            for (int i = 0; i < STREAMS; i++) {
                visits += node.state(Place.AGGREGATE, "p" + STEPS + "-" + i).state().visits();
            }
            return visits;
        }
    }
}
