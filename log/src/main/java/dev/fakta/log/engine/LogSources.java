// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log.engine;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.LogReader;
import dev.fakta.log.Positions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Several sources of records, read as one. Where they are reached over a network, all of them are
/// asked at once, and one that is away, or takes longer than [#PATIENCE], is passed over: no
/// contract forbids it, since order is promised within a partition only. Local sources are asked
/// one after the other on the caller's thread.
public final class LogSources implements AutoCloseable {

    /// How long the sources that have answered wait for one that has not.
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private final List<LogSource> all;
    private final @Nullable ExecutorService threads;

    /// @param all the sources, in the order of their partitions
    /// @param isRemote whether they are reached over a network
    public LogSources(List<? extends LogSource> all, boolean isRemote) {
        this.all = List.copyOf(all);
        this.threads = isRemote ? Executors.newVirtualThreadPerTaskExecutor() : null;
    }

    private Executor executor() {
        return threads == null ? Runnable::run : threads;
    }

    /// The heads of all sources that answer.
    ///
    /// @throws LogException when no source answers, or one of them will not answer later either
    public Positions heads() {
        List<CompletableFuture<Positions>> asked = new ArrayList<>(all.size());
        for (LogSource source : all) {
            asked.add(ask(source));
        }
        Positions heads = Positions.NONE;
        LogException failure = new LogException(Category.TIMEOUT, "no log answers");
        for (CompletableFuture<Positions> answer : asked) {
            try {
                heads = heads.merge(answer.join());
            } catch (CompletionException e) {
                failure = worse(failure, known(e));
            }
        }
        if (heads.isEmpty() || !isAway(failure)) {
            throw failure;
        }
        return heads;
    }

    /// Completes with no position when the source does not answer in time.
    private CompletableFuture<Positions> ask(LogSource source) {
        long patience = source.isAway() ? 0 : PATIENCE.toNanos();
        try {
            CompletableFuture<Positions> answer =
                    CompletableFuture.supplyAsync(source::heads, executor());
            return answer.completeOnTimeout(Positions.NONE, patience, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            return CompletableFuture.failedFuture(CommitQueue.closed());
        }
    }

    private static LogException known(CompletionException e) {
        return e.getCause() instanceof LogException known
                ? known
                : new LogException(Category.UNAVAILABLE, "cannot ask a log", e);
    }

    private static LogException worse(LogException one, LogException other) {
        return isAway(one) ? other : one;
    }

    /// Whether a source that failed so may answer later.
    static boolean isAway(LogException failure) {
        return failure.category() == Category.UNAVAILABLE || failure.category() == Category.TIMEOUT;
    }

    /// Follows the partitions that `after` names.
    public LogReader reader(Positions after) {
        List<LogSource> read =
                all.stream().filter(source -> !within(source, after).isEmpty()).toList();
        if (read.isEmpty()) {
            return all.getFirst().reader(after);
        }
        return threads == null && read.size() == 1
                ? read.getFirst().reader(after)
                : new JoinedReader(read, executor(), after);
    }

    static Positions within(LogSource source, Positions all) {
        return all.within(source.first(), source.end());
    }

    /// How many sources are away.
    public int away() {
        return (int) all.stream().filter(LogSource::isAway).count();
    }

    public void follow(Runnable follower) {
        all.forEach(source -> source.follow(follower));
    }

    public void unfollow(Runnable follower) {
        all.forEach(source -> source.unfollow(follower));
    }

    /// Waits until the questions that are on their way are answered; the sources are closed before.
    @Override
    public void close() {
        if (threads != null) {
            threads.close();
        }
    }
}
