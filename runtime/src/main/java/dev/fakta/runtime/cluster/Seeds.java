// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.ClusterSettings;
import dev.fakta.runtime.Discovery;
import dev.fakta.runtime.Lookup;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The nodes that this one asks to be let in, and who founds a cluster when there is none.
///
/// Only the first of all seeds founds one, when every other seed either refuses a connection (no
/// process is there) or answers that it is in no cluster. Silence is no such answer: the others may
/// be slow, or cut off, and a second cluster beside theirs would take partitions from them again
/// and again, and answer reads that are old. So a first seed that others do not answer waits, and
/// is not ready.
///
/// @param all in the same order on every node, `host:port`
/// @param self this node's address
record Seeds(List<String> all, String self) {

    private static final Duration ASK_AGAIN = Duration.ofSeconds(2);
    private static final Duration FOR_EVER = Duration.ofDays(1);
    private static final Duration FOUND_WITHIN = Duration.ofMinutes(10);
    private static final int CONNECT_MILLIS = 1_000;

    Seeds {
        all = List.copyOf(all);
    }

    static Seeds of(List<String> all, String self) {
        return new Seeds(all, self);
    }

    /// The nodes that the settings name, or that are found. Waits until there are enough.
    ///
    /// @throws IllegalStateException when there are not in time
    static List<String> addresses(ClusterSettings settings, Map<String, String> environment) {
        String self = settings.host() + ":" + settings.port();
        return switch (settings.discovery()) {
            case Discovery.Named(var addresses) -> addresses;
            case Discovery.Dns(var name, var port, var atLeast) ->
                    await(DnsLookup.ofMachine(name, settings.host(), port), self, atLeast);
            case Discovery.Kubernetes(var labels, var atLeast) ->
                    await(
                            KubernetesLookup.ofPod(labels, settings.port(), environment),
                            self,
                            atLeast);
            case Discovery.ByLookup(var lookup, var atLeast) -> await(lookup, self, atLeast);
        };
    }

    private static List<String> await(Lookup lookup, String self, int atLeast) {
        return StableLookup.await(lookup, self, atLeast, FOUND_WITHIN);
    }

    private boolean isFirst() {
        return !all.isEmpty() && all.getFirst().equals(self);
    }

    /// How long Pekko waits for answers: the first seed until it founds a cluster, all others until
    /// they ask again.
    Duration patience() {
        return isFirst() ? FOR_EVER : ASK_AGAIN;
    }

    /// Whom to ask, this node with them. A first seed leaves out those that are surely not there.
    /// Empty when this node is alone. Waits for connections.
    List<String> toAsk() {
        if (!isFirst()) {
            return all;
        }
        List<String> there =
                all.stream().filter(seed -> seed.equals(self) || !isRefused(seed)).toList();
        return there.size() == 1 ? List.of() : there;
    }

    private static boolean isRefused(String seed) {
        int colon = seed.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            seed.substring(0, colon), Integer.parseInt(seed.substring(colon + 1))),
                    CONNECT_MILLIS);
            return false;
        } catch (ConnectException e) {
            return String.valueOf(e.getMessage()).contains("refused"); // else: timed out
        } catch (IOException _) {
            return false;
        }
    }
}
