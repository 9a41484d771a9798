// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log.engine;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.Writer;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Asks several logs which writers are owners still, see [dev.fakta.log.EventLog#stillOwners].
public final class Owners {

    private Owners() {}

    /// Asks each log for its writers. Those of a log that cannot say are left out.
    ///
    /// @param asked by log: its own writers, and for each the writer that is answered for it
    /// @param isRemote whether to ask all logs at once, on a thread each
    /// @throws LogException of one of the logs, when none of them can say
    public static <L> Set<Writer> ask(
            Map<L, Map<Writer, Writer>> asked,
            BiFunction<L, Collection<Writer>, Set<Writer>> ask,
            boolean isRemote) {
        Set<Writer> owners = ConcurrentHashMap.newKeySet();
        Set<LogException> failures = ConcurrentHashMap.newKeySet();
        if (isRemote && asked.size() > 1) {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                asked.forEach(
                        (log, writers) ->
                                threads.execute(() -> ask(log, writers, ask, owners, failures)));
            }
        } else {
            asked.forEach((log, writers) -> ask(log, writers, ask, owners, failures));
        }
        if (failures.size() == asked.size() && !failures.isEmpty()) {
            throw failures.iterator().next();
        }
        return new HashSet<>(owners);
    }

    private static <L> void ask(
            L log,
            Map<Writer, Writer> writers,
            BiFunction<L, Collection<Writer>, Set<Writer>> ask,
            Set<Writer> owners,
            Set<LogException> failures) {
        try {
            for (Writer own : ask.apply(log, writers.keySet())) {
                @Nullable Writer answered = writers.get(own);
                if (answered != null) {
                    owners.add(answered);
                }
            }
        } catch (LogException e) {
            failures.add(e);
        } catch (RuntimeException e) {
            failures.add(new LogException(Category.UNAVAILABLE, "a log cannot say its owners", e));
        }
    }
}
