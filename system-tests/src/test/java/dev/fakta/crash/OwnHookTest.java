// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.Main;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A program has shutdown hooks of its own, which flush what it has measured, say: they run to
/// their ends beside Fakta's, whichever takes longer.
final class OwnHookTest {

    private static final String FLUSHED = "flushed";

    /// The order management microsystem with a hook that ends last.
    static final class WithHook {
        static void main(String[] args) throws Exception {
            Runtime.getRuntime().addShutdownHook(new Thread(WithHook::flush));
            Main.main(args);
        }

        /// Waits for the end of the hook that closes the node.
        private static void flush() {
            Thread closing = null;
            while (closing == null) {
                closing =
                        Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().equals("shutdown"))
                                .findAny()
                                .orElse(null);
            }
            try {
                closing.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            System.out.println(FLUSHED);
        }
    }

    @Test
    void a_hook_of_the_program_ends_and_so_does_the_program_with_status_0(@TempDir Path data)
            throws Exception {
        try (ServerProcess server =
                ServerProcess.start(List.of(WithHook.class.getName(), "run", "--trusted"), data)) {
            assertThat(server.stop()).isZero();
            assertThat(server.output()).contains(FLUSHED);
        }
    }
}
