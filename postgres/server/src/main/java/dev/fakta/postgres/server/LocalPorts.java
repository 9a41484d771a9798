// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres.server;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/// Free ports for servers that must know theirs before they listen, as the seed of a cluster.
///
/// Between the look and the server's start anybody may take a port that the system hands out by
/// itself, for a connection or to a listener on port 0. So these lie below the 32,768 at which
/// Linux begins with that (`ip_local_port_range`): only who asks for just this port can have it.
public final class LocalPorts {

    private static final int FIRST = 20_000;
    private static final int END = 32_000;
    private static final int MOST_TRIES = 10_000;

    private LocalPorts() {}

    /// One that is free on all addresses of this machine.
    ///
    /// @throws IllegalStateException as [#free(int)]
    public static int free() {
        return free(1).getFirst();
    }

    /// As many different ones, each free on all addresses of this machine.
    ///
    /// @throws IllegalStateException when there are not so many
    public static List<Integer> free(int count) {
        Set<Integer> ports = new LinkedHashSet<>();
        for (int tried = 0; ports.size() < count; tried++) {
            if (tried == MOST_TRIES) {
                throw new IllegalStateException(
                        "no %d free ports among %d to %d".formatted(count, FIRST, END - 1));
            }
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            if (isFree(port)) {
                ports.add(port);
            }
        }
        return List.copyOf(ports);
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port)) {
            return probe.isBound();
        } catch (IOException _) {
            return false;
        }
    }
}
