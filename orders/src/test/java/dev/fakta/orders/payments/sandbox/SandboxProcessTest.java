// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.Main;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.provider.Answer;
import dev.fakta.orders.payments.provider.HttpProvider;
import dev.fakta.orders.payments.provider.HttpProviderSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The sandbox as a process of its own, which is killed over its requests.
class SandboxProcessTest {

    private static final int REQUESTS = 400;
    private static final Money PRICE = Money.of(250, "EUR");

    @TempDir Path directory;

    private record Running(Process process, URI uri) implements AutoCloseable {
        @Override
        public void close() {
            process.destroyForcibly().onExit().orTimeout(30, TimeUnit.SECONDS).join();
        }
    }

    private Running start(int port) throws IOException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "sandbox",
                                "--port",
                                Integer.toString(port),
                                "--ledger",
                                directory.resolve("ledger.jsonl").toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader out = process.inputReader()) {
            String ready = String.valueOf(out.readLine());
            assertThat(ready).startsWith("ready http://127.0.0.1:");
            return new Running(process, URI.create(ready.split(" ", -1)[1]));
        }
    }

    private static Answer authorize(HttpProvider provider, int number) {
        String payment = "p" + number;
        return provider.authorize(payment + "-authorization-1", payment, PRICE, "card", "tok_ok");
    }

    @Test
    void what_it_answered_before_it_was_killed_it_knows_and_nothing_is_done_twice()
            throws Exception {
        Map<Integer, Answer> answers = new ConcurrentHashMap<>();
        CountDownLatch under = new CountDownLatch(REQUESTS / 4);
        URI uri;
        try (Running first = start(0);
                HttpProvider provider = new HttpProvider(HttpProviderSettings.of(first.uri()));
                var threads = Executors.newFixedThreadPool(8)) {
            uri = first.uri();
            for (int i = 0; i < REQUESTS; i++) {
                int number = i;
                threads.execute(
                        () -> {
                            answers.put(number, authorize(provider, number));
                            under.countDown();
                        });
            }
            assertThat(under.await(60, TimeUnit.SECONDS)).isTrue();
            first.process().destroyForcibly();
        }
        assertThat(answers).hasSize(REQUESTS);
        try (Running _ = start(uri.getPort());
                HttpProvider provider = new HttpProvider(HttpProviderSettings.of(uri))) {
            List<Answer> after = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                after.add(authorize(provider, i));
            }
            assertThat(after).allMatch(Answer.Done.class::isInstance);
            IntStream.range(0, REQUESTS)
                    .filter(i -> answers.get(i) instanceof Answer.Done)
                    .forEach(i -> assertThat(after.get(i)).isEqualTo(answers.get(i)));
            List<Account.Sums> ledger = LedgerReader.read(URI.create(uri + "/ledger"));
            assertThat(ledger).hasSize(REQUESTS);
            assertThat(ledger).allMatch(sums -> sums.authorized() == PRICE.minor());
        }
    }
}
