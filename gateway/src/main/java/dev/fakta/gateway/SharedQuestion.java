// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.log.LogException;
import dev.fakta.runtime.NodeException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Something that a log or a database is asked, which may take its time. One question is under way
/// at most, however many want the answer, and nobody waits for it longer than he says.
final class SharedQuestion<T> {

    private static final Logger LOG = LoggerFactory.getLogger(SharedQuestion.class);

    private final String what;
    private final Supplier<T> question;
    private @Nullable CompletableFuture<Optional<T>> underWay;

    /// @param what is asked for, in a word or two
    SharedQuestion(String what, Supplier<T> question) {
        this.what = what;
        this.question = question;
    }

    /// Asks, on a thread of its own, unless a question is under way. Waits for nothing.
    synchronized CompletableFuture<Optional<T>> begin() {
        CompletableFuture<Optional<T>> last = underWay;
        if (last != null && !last.isDone()) {
            return last;
        }
        CompletableFuture<Optional<T>> next = new CompletableFuture<>();
        underWay = next;
        Thread.ofVirtual().name("asks-for-" + what).start(() -> ask(next));
        return next;
    }

    private void ask(CompletableFuture<Optional<T>> answer) {
        try {
            answer.complete(Optional.of(question.get()));
        } catch (LogException | NodeException e) {
            LOG.debug("{}: no answer", what, e);
        } catch (RuntimeException e) {
            LOG.warn("{}: the question fails", what, e);
        } finally {
            answer.complete(Optional.empty()); // unless it has one
        }
    }

    /// What was found, if it comes in time.
    ///
    /// @param until in the time of [System#nanoTime]
    static <T> Optional<T> answer(CompletableFuture<Optional<T>> asked, long until) {
        try {
            return asked.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException _) {
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
