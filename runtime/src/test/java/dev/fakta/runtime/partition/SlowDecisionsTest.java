// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.runtime.LoggedLines;
import dev.fakta.runtime.Tally.Command.Add;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SlowDecisionsTest {

    @Test
    void a_decision_that_does_not_return_is_reported_while_it_runs() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CompletableFuture<String> line = new CompletableFuture<>();
        var lines =
                new AppenderBase<ILoggingEvent>() {
                    @Override
                    protected void append(ILoggingEvent event) {
                        if (event.getFormattedMessage().contains("slow-one/a")) {
                            line.complete(event.getFormattedMessage());
                        }
                    }
                };
        lines.start();
        Logger logger = LoggedLines.logger(SlowDecisions.class.getName());
        logger.addAppender(lines);
        Aggregate<Object, Object, Object> slow =
                Aggregate.named("slow-one")
                        .taking(Object.class)
                        .startingAs((Object) "")
                        .deciding((Object _, Object _) -> awaitOpen(held))
                        .evolving((state, _) -> state);
        Thread deciding =
                Thread.startVirtualThread(
                        () -> SlowDecisions.decide(new Resident(slow, "a"), new Add(1)));
        try {
            assertThat(line.get(90, TimeUnit.SECONDS)).contains("slow-one/a", "Add");
            assertThat(deciding.isAlive()).isTrue();
        } finally {
            held.countDown();
            deciding.join();
            logger.detachAppender(lines);
        }
    }

    private static Decision<Object> awaitOpen(CountDownLatch held) {
        try {
            held.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return Decision.accept();
    }
}
