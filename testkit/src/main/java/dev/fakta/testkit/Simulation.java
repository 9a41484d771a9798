// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Plays many small closed worlds of a program, each from one seed, in one thread and in virtual
/// time, and looks for one in which a law is broken.
///
/// ```java
/// Simulation.of(
///                 world -> {
///                     world.with(PAYING);
///                     world.actor("customer", 3, random -> world.send(Purchase.AGGREGATE, ...));
///                     world.whenQuiet("all is paid or nothing is", () -> assertThat(...)...);
///                 })
///         .run(10_000);
/// ```
///
/// Each world lives through some steps in which anything may happen, and then through all that is
/// left until it is quiet. When a law is broken, the steps that it does not take are left out, one
/// after the other, as long as it stays broken: what is left is the history that is shown, with the
/// line that [#replay] plays again. (Zeller, Hildebrandt: *Simplifying and Isolating
/// Failure-Inducing Input*, 2002.)
///
/// Immutable.
public final class Simulation {

    /// The law that every world has: what is left to do comes to an end.
    public static final String COMES_TO_REST = "the world comes to rest";

    /// The law that every world has: `decide`, `evolve`, processors and laws do not throw.
    public static final String DOES_NOT_FAIL = "the code does not fail";

    private static final String SEED = "fakta.simulation.seed";
    private static final int STEPS = 100;
    private static final int MOST_TO_SETTLE = 20_000;
    private static final long SHORTEN_NANOS = Duration.ofSeconds(20).toNanos();

    private final Consumer<World> setting;
    private final Consumer<World> looking;
    private final int steps;
    private final int cores;

    private Simulation(Consumer<World> setting, Consumer<World> looking, int steps, int cores) {
        this.setting = setting;
        this.looking = looking;
        this.steps = steps;
        this.cores = cores;
    }

    /// Begins with how each world is set up.
    ///
    /// @param setting says what is in a world, who acts in it, and what must hold; called once for
    ///   each world, which shares nothing with any other
    public static Simulation of(Consumer<World> setting) {
        return new Simulation(setting, _ -> {}, STEPS, 1);
    }

    /// In how many steps of each world anything may happen; 100 unless said otherwise.
    public Simulation steps(int number) {
        return new Simulation(setting, looking, number, cores);
    }

    /// On how many cores worlds are played at once; on one, by the thread that asks, unless said
    /// otherwise. Which worlds are played, and what happens in each, does not depend on it.
    ///
    /// @param number how many threads play; worlds must then share nothing that changes
    public Simulation onCores(int number) {
        return new Simulation(setting, looking, steps, number);
    }

    /// Looks at each world that has kept its laws, once, when it is quiet: to count what was
    /// played. Not at worlds that are played again to shorten a history.
    ///
    /// @param look called by the thread that has played the world: on several cores by several
    ///   threads at once
    public Simulation atEnd(Consumer<World> look) {
        return new Simulation(setting, look, steps, cores);
    }

    /// A law that was broken.
    ///
    /// @param replay what [#replay] plays it again from
    /// @param history what happened, as short as could be found
    public record Failure(String law, String reason, String replay, List<String> history) {
        public Failure {
            history = List.copyOf(history);
        }

        @Override
        public String toString() {
            return "broken: %s%n%s%n%nits shortest history:%n%s%n%nto see it again: simulation.replay(\"%s\")"
                    .formatted(law, reason, String.join(System.lineSeparator(), history), replay);
        }
    }

    /// Plays so many worlds, with fresh seeds, or from the one in the system property
    /// `fakta.simulation.seed`.
    ///
    /// @throws AssertionError with the shortest history that was found, when a law is broken
    public void run(int worlds) {
        find(worlds)
                .ifPresent(
                        failure -> {
                            throw new AssertionError(failure.toString());
                        });
    }

    /// Plays at most so many worlds until a law is broken, as [#run] does.
    public Optional<Failure> find(int worlds) {
        return findAll(worlds, 1).stream().findFirst();
    }

    /// Plays at most so many worlds until some of them have broken a law, as [#run] does, and
    /// answers all that did, in the order of their seeds. To shorten a history takes up to 20
    /// seconds.
    ///
    /// @param most no further world is begun when so many are broken
    public List<Failure> findAll(int worlds, int most) {
        Hunt hunt = new Hunt(worlds, most);
        if (cores == 1) {
            hunt.play();
        } else {
            hunt.playAtOnce();
        }
        return hunt.broken.entrySet().stream()
                .limit(most)
                .map(each -> shortest(hunt.seed(each.getKey()), each.getValue()))
                .toList();
    }

    /// Worlds that are played once each, by one thread or more.
    private final class Hunt {
        private final long first = Long.getLong(SEED, ThreadLocalRandom.current().nextLong());
        private final AtomicInteger next = new AtomicInteger();
        private final ConcurrentSkipListMap<Integer, World.BrokenLaw> broken =
                new ConcurrentSkipListMap<>();
        private final List<Integer> all = allSteps();
        private final int worlds;
        private final int most;

        private Hunt(int worlds, int most) {
            this.worlds = worlds;
            this.most = most;
        }

        private long seed(int number) {
            return Moves.mix(first + number);
        }

        /// Each thread ends the world that it has begun: so the first broken ones are the same ones
        /// on any number of cores.
        private void play() {
            while (broken.size() < most) {
                int number = next.getAndIncrement();
                if (number >= worlds) {
                    return;
                }
                Played played = Simulation.this.play(seed(number), all, false);
                played.broken.ifPresentOrElse(
                        law -> broken.put(number, law), () -> looking.accept(played.world));
            }
        }

        private void playAtOnce() {
            try (ExecutorService threads = Executors.newFixedThreadPool(cores)) {
                List<Future<?>> playing = new ArrayList<>();
                for (int i = 0; i < cores; i++) {
                    playing.add(threads.submit(this::play));
                }
                for (Future<?> one : playing) {
                    one.get();
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("a world could not be played", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while worlds are played", e);
            }
        }
    }

    private List<Integer> allSteps() {
        return IntStream.range(0, steps).boxed().toList();
    }

    /// Plays the one world of a failure again.
    ///
    /// @param line as in [Failure#replay]
    /// @throws AssertionError when the law is still broken
    public void replay(String line) {
        Replay replay = Replay.of(line);
        Played played = play(replay.seed, replay.steps, true);
        if (played.broken.isPresent()) {
            World.BrokenLaw broken = played.broken.get();
            throw new AssertionError(
                    new Failure(broken.law(), reason(broken), line, played.world.history())
                            .toString());
        }
    }

    private record Played(World world, Optional<World.BrokenLaw> broken) {}

    private Played play(long seed, List<Integer> kept, boolean isTold) {
        World world = new World(seed, isTold);
        Optional<World.BrokenLaw> broken = Optional.empty();
        try {
            setting.accept(world);
            for (int step : kept) {
                world.step(Moves.mix(seed + step));
            }
            settle(world, seed);
            world.checkQuiet();
        } catch (World.BrokenLaw e) {
            broken = Optional.of(e);
        } catch (RuntimeException | AssertionError e) {
            World.BrokenLaw failed = new World.BrokenLaw(DOES_NOT_FAIL, e.toString());
            failed.initCause(e);
            broken = Optional.of(failed);
        }
        return new Played(world, broken);
    }

    private static void settle(World world, long seed) {
        for (int i = 1; i <= MOST_TO_SETTLE; i++) {
            if (!world.settle(Moves.mix(seed - i))) {
                return;
            }
        }
        throw new World.BrokenLaw(
                COMES_TO_REST, "something still happens after %,d steps".formatted(MOST_TO_SETTLE));
    }

    /// Leaves out ever smaller parts of the steps, and then one at a time until none can be left
    /// out any more, as long as the same law stays broken.
    private Failure shortest(long seed, World.BrokenLaw found) {
        List<Integer> kept = allSteps();
        long start = System.nanoTime();
        for (int size = Math.max(1, kept.size() / 2); size > 1; size /= 2) {
            kept = shorter(seed, kept, size, found.law(), start);
        }
        for (int before = kept.size() + 1; kept.size() < before; ) {
            before = kept.size();
            kept = shorter(seed, kept, 1, found.law(), start);
        }
        Played played = play(seed, kept, true);
        World.BrokenLaw broken = played.broken.orElse(found);
        return new Failure(
                broken.law(),
                reason(broken),
                new Replay(seed, kept).line(),
                played.world.history());
    }

    /// Tries each part of so many steps whether the law stays broken without it.
    private List<Integer> shorter(long seed, List<Integer> all, int size, String law, long start) {
        List<Integer> kept = all;
        for (int from = 0; from < kept.size() && isSoonAfter(start); ) {
            List<Integer> fewer = without(kept, from, Math.min(kept.size(), from + size));
            if (breaks(seed, fewer, law)) {
                kept = fewer;
            } else {
                from += size;
            }
        }
        return kept;
    }

    private static boolean isSoonAfter(long start) {
        return System.nanoTime() - start < SHORTEN_NANOS;
    }

    private boolean breaks(long seed, List<Integer> kept, String law) {
        return play(seed, kept, false)
                .broken
                .filter(broken -> broken.law().equals(law))
                .isPresent();
    }

    private static List<Integer> without(List<Integer> all, int from, int to) {
        List<Integer> fewer = new ArrayList<>(all.subList(0, from));
        fewer.addAll(all.subList(to, all.size()));
        return fewer;
    }

    private static String reason(World.BrokenLaw broken) {
        Throwable cause = broken.getCause();
        String at =
                cause == null || cause.getStackTrace().length == 0
                        ? ""
                        : System.lineSeparator() + "  at " + cause.getStackTrace()[0];
        return broken.getMessage() + at;
    }

    /// A world, and the steps of it in which anything may happen, as `SEED: 0-3 7 12`.
    private record Replay(long seed, List<Integer> steps) {

        static Replay of(String line) {
            String[] parts = line.split(":", 2);
            try {
                List<Integer> steps = new ArrayList<>();
                for (String part : parts[1].strip().split(" +", -1)) {
                    if (!part.isEmpty()) {
                        String[] ends = part.split("-", 2);
                        int last = Integer.parseInt(ends[ends.length - 1]);
                        for (int step = Integer.parseInt(ends[0]); step <= last; step++) {
                            steps.add(step);
                        }
                    }
                }
                return new Replay(Long.parseLong(parts[0].strip()), steps);
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw new IllegalArgumentException(
                        "a line to replay is a seed, a colon and steps, as in 42: 0-3 7; not "
                                + line,
                        e);
            }
        }

        String line() {
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < steps.size(); ) {
                int end = i;
                while (end + 1 < steps.size() && steps.get(end + 1) == steps.get(end) + 1) {
                    end++;
                }
                parts.add(i == end ? "" + steps.get(i) : steps.get(i) + "-" + steps.get(end));
                i = end + 1;
            }
            return "%d: %s".formatted(seed, String.join(" ", parts));
        }
    }
}
