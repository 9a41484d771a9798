// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import java.lang.foreign.Arena;
import java.util.function.Supplier;

/// Reading files through mappings that another thread may release.
final class Mappings {

    private Mappings() {}

    /// Runs a read; what goes wrong with the mapping is a failure of the log.
    static <T> T reading(Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalStateException e) { // the mapping is released
            throw new LogException(Category.CLOSED, "the log is closed", e);
        } catch (InternalError e) { // so the JVM reports a page that the disk cannot read
            throw new LogException(Category.UNAVAILABLE, "the disk cannot be read", e);
        }
    }

    /// An arena for mapped files; [#release] ends it.
    @SuppressWarnings("MustBeClosedChecker")
    static Arena newArena() {
        return Arena.ofShared();
    }

    /// Closes a shared arena. A thread inside a bulk operation on it (a CRC, say) holds the close
    /// up for that moment; a later access fails with [IllegalStateException].
    static void release(Arena arena) {
        while (arena.scope().isAlive()) {
            try {
                arena.close();
            } catch (IllegalStateException _) {
                Thread.onSpinWait();
            }
        }
    }
}
