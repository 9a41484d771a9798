// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SeedsTest {

    private static final String SELF = "127.0.0.1:1";

    @Test
    void a_first_seed_asks_those_that_are_there_and_waits_for_their_answer() throws IOException {
        try (ServerSocket there = port()) {
            String other = address(there);
            Seeds seeds = Seeds.of(List.of(SELF, absent(), other), SELF);
            assertThat(seeds.toAsk()).containsExactly(SELF, other);
            assertThat(seeds.patience()).isGreaterThan(Duration.ofHours(1));
        }
    }

    @Test
    void a_first_seed_that_is_alone_asks_nobody() throws IOException {
        assertThat(Seeds.of(List.of(SELF, absent()), SELF).toAsk()).isEmpty();
        assertThat(Seeds.of(List.of(), SELF).toAsk()).isEmpty();
    }

    @Test
    void any_other_seed_never_founds_a_cluster_and_asks_again_soon() throws IOException {
        List<String> all = List.of(absent(), SELF);
        assertThat(Seeds.of(all, SELF).toAsk()).isEqualTo(all);
        assertThat(Seeds.of(all, SELF).patience()).isLessThan(Duration.ofSeconds(5));
    }

    private static ServerSocket port() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static String address(ServerSocket socket) {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private static String absent() throws IOException {
        try (ServerSocket closed = port()) {
            return address(closed);
        }
    }
}
