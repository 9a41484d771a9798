// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalPortsTest {

    @Test
    void they_differ_and_can_be_listened_on_all_at_once() throws IOException {
        List<Integer> ports = LocalPorts.free(50);
        assertThat(ports).hasSize(50).doesNotHaveDuplicates();
        List<ServerSocket> open = new ArrayList<>();
        try {
            for (int port : ports) {
                open.add(new ServerSocket(port));
            }
        } finally {
            for (ServerSocket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void the_system_gives_them_to_nobody_who_asks_for_any() throws IOException {
        try (ServerSocket any = new ServerSocket(0)) {
            assertThat(LocalPorts.free(50)).allMatch(port -> port < any.getLocalPort());
        }
    }

    @Test
    void more_than_there_are_is_refused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> LocalPorts.free(20_000))
                .withMessageContaining("no 20000 free ports");
    }
}
