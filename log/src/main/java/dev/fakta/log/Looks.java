// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks several logs the same: one after the other, or all at once where each answer comes over a
/// network. What one answers is never lost because another fails, or because of an interrupt.
final class Looks implements AutoCloseable {

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final boolean isAtOnce;

    /// What was answered, in the order of the questions.
    ///
    /// @param failure of one that gave no answer; of one that will not give any later, if there is
    ///   such
    record Answers<T>(List<T> given, @Nullable LogException failure) {}

    Looks(boolean isAtOnce) {
        this.isAtOnce = isAtOnce;
    }

    <T> Answers<T> all(List<Supplier<T>> asked) {
        List<T> given = new ArrayList<>(asked.size());
        LogException failure = null;
        for (Supplier<T> one : isAtOnce && asked.size() > 1 ? started(asked) : asked) {
            try {
                given.add(one.get());
            } catch (LogException e) {
                failure = failure == null || isAway(failure) ? e : failure;
            }
        }
        return new Answers<>(given, failure);
    }

    /// All of them are started before any is waited for.
    private <T> List<Supplier<T>> started(List<Supplier<T>> asked) {
        List<Supplier<T>> answers = new ArrayList<>(asked.size());
        for (Supplier<T> one : asked) {
            CompletableFuture<T> answer = start(one);
            answers.add(() -> await(answer));
        }
        return answers;
    }

    private <T> CompletableFuture<T> start(Supplier<T> asked) {
        try {
            return CompletableFuture.supplyAsync(asked, threads);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(
                    new LogException(Category.CLOSED, "the log is closed", e));
        }
    }

    private static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof LogException known
                    ? known
                    : new LogException(Category.UNAVAILABLE, "cannot ask a log", e);
        }
    }

    /// Whether it is known that there will be no answer later, or nobody answers now.
    static boolean isFinal(LogException failure, boolean isNobody) {
        return isNobody || !isAway(failure);
    }

    private static boolean isAway(LogException failure) {
        return failure.category() == Category.UNAVAILABLE || failure.category() == Category.TIMEOUT;
    }

    @Override
    public void close() {
        threads.close();
    }
}
