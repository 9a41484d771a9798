// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.domain.Microsystem;
import dev.fakta.gateway.Fakta;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FailedStartTest {

    @TempDir Path data;

    /// A program whose routes need a class that is not there.
    static final class Incomplete {
        public static void main(String[] args) {
            Fakta.run(
                    args,
                    Microsystem.named("incomplete"),
                    _ -> {
                        throw new NoClassDefFoundError("missing");
                    });
        }
    }

    @Test
    void a_process_that_meets_an_error_at_its_start_ends() {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(
                        () -> {
                            try (var _ =
                                    ServerProcess.start(
                                            List.of(Incomplete.class.getName()), data)) {
                                throw new AssertionError("it serves");
                            }
                        })
                .withMessageContaining("ended with status 1 before it was ready");
    }
}
