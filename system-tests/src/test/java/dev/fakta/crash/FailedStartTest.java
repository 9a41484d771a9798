// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.domain.Microsystem;
import dev.fakta.gateway.Fakta;
import java.net.InetAddress;
import java.net.ServerSocket;
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
    void a_process_whose_port_is_taken_ends_and_leaves_nothing_behind() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> ServerProcess.start(data, "--port", port).close())
                    .withMessageContaining("ended with status 1 before it was ready")
                    .withMessageContaining("fakta: cannot listen on 127.0.0.1:" + port);
        }
        assertThat(data.resolve("log")).doesNotExist();
    }

    @Test
    void a_process_whose_host_is_not_of_this_machine_ends() {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> ServerProcess.start(data, "--host", "192.0.2.1").close())
                .withMessageContaining("ended with status 1 before it was ready")
                .withMessageContaining("fakta: cannot listen on 192.0.2.1:0");
        assertThat(data.resolve("log")).doesNotExist();
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
