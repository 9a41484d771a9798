// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeClockTest {

    /// More than a test takes, and less than any shift here.
    private static final long CLOSE_MILLIS = Duration.ofMinutes(5).toMillis();

    private static final int WAYS_TO_ASK = 5;

    /// A program that tells the time in all ways, each time it reads a line; last the time since
    /// its first answer, in nanoseconds.
    static final class Teller {
        public static void main(String[] args) throws IOException {
            long began = System.nanoTime();
            while (System.in.read() >= 0) {
                System.out.printf(
                        "%d %d %d %d %d %d%n",
                        System.currentTimeMillis(),
                        Instant.now().toEpochMilli(),
                        Clock.systemUTC().millis(),
                        InstantSource.system().millis(),
                        InstantSource.system().instant().toEpochMilli(),
                        System.nanoTime() - began);
            }
        }
    }

    @Test
    void every_wall_clock_of_a_process_jumps_and_its_measure_of_time_does_not(@TempDir Path folder)
            throws Exception {
        Path agent = folder.resolve("agent.jar");
        NodeClock.writeAgent(agent);
        NodeClock clock = NodeClock.open(agent, folder.resolve("clock"));
        Process teller = start(clock);
        try (BufferedReader answers = teller.inputReader();
                OutputStream questions = teller.getOutputStream()) {
            for (int hours : List.of(0, 30, -3, 0)) {
                clock.set(Duration.ofHours(hours));
                long now = System.currentTimeMillis();
                questions.write('?');
                questions.flush();
                List<Long> told =
                        Stream.of(answers.readLine().split(" ")).map(Long::valueOf).toList();
                assertThat(told.subList(0, WAYS_TO_ASK))
                        .allSatisfy(
                                millis ->
                                        assertThat(millis - now - clock.ahead().toMillis())
                                                .isBetween(-CLOSE_MILLIS, CLOSE_MILLIS));
                assertThat(told.getLast())
                        .isBetween(0L, TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS));
            }
        } finally {
            teller.destroyForcibly();
        }
    }

    @Test
    void a_clock_drifts_at_its_rate(@TempDir Path folder) throws Exception {
        NodeClock clock = NodeClock.open(folder.resolve("none"), folder.resolve("clock"));
        clock.drift(-100, Duration.ofMillis(200));
        assertThat(clock.ahead()).isLessThan(Duration.ofSeconds(-10));
    }

    private static Process start(NodeClock clock) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        clock.option(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Teller.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
