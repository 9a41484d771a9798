// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Each node in a Linux network namespace of its own, all on one bridge, so that one can be cut
/// from another as a broken network would: packets vanish, nobody is told, connections stay open.
/// Needs root and `ip`.
///
/// A cut is a permanent neighbour entry with an Ethernet address that nobody has. It works in one
/// direction, on connections that are open as well as on new ones, and leaves the way to this
/// process alone.
final class Namespaces implements Network {

    private static final String NOBODY = "02:00:00:00:00:01";
    private static final int OUTSIDE = 254;
    private static final long COMMAND_SECONDS = 10;

    private final String name;
    private final String subnet;
    private final int nodes;
    private final List<String> undo = new ArrayList<>();

    private Namespaces(int nodes) {
        long number = ProcessHandle.current().pid() % 10_000;
        this.name = "fk" + number;
        this.subnet = "10.77." + number % 250 + ".";
        this.nodes = nodes;
    }

    /// Makes the namespaces; loopback instead where that is not possible.
    static Network orLoopback(int nodes) {
        Namespaces made = new Namespaces(nodes);
        try {
            made.make();
            return made;
        } catch (IOException _) {
            made.close();
            return new Loopback();
        }
    }

    private void make() throws IOException {
        ip("link add %s type bridge".formatted(bridge()));
        ip("addr add %s%d/24 dev %s".formatted(subnet, OUTSIDE, bridge()));
        ip("link set %s up".formatted(bridge()));
        for (int node = 0; node < nodes; node++) {
            ip("netns add " + namespace(node));
            ip(
                    "link add %s type veth peer name eth0 netns %s"
                            .formatted(cable(node), namespace(node)));
            ip("link set %s master %s up".formatted(cable(node), bridge()));
            ip("-n %s addr add %s/24 dev eth0".formatted(namespace(node), host(node)));
            ip("-n %s link set eth0 up".formatted(namespace(node)));
            ip("-n %s link set lo up".formatted(namespace(node)));
        }
    }

    private String bridge() {
        return name + "b";
    }

    private String namespace(int node) {
        return name + "n" + node;
    }

    private String cable(int node) {
        return name + "v" + node;
    }

    @Override
    public String host(int node) {
        return subnet + (node + 1);
    }

    @Override
    public String outside() {
        return subnet + OUTSIDE;
    }

    /// `ip` replaces itself by the command: the process id is the command's own.
    @Override
    public List<String> command(int node, List<String> command) {
        List<String> there = new ArrayList<>(List.of("ip", "netns", "exec", namespace(node)));
        there.addAll(command);
        return there;
    }

    @Override
    public boolean canCut() {
        return true;
    }

    @Override
    public synchronized void cut(int from, int to) {
        String neighbour = "-n %s neigh %%s %s dev eth0".formatted(namespace(from), host(to));
        orFail(neighbour.formatted("replace") + " lladdr " + NOBODY + " nud permanent");
        undo.add(neighbour.formatted("del"));
    }

    @Override
    public synchronized void heal() {
        undo.forEach(Namespaces::orFail);
        undo.clear();
    }

    @Override
    public void close() {
        attempt("link del " + bridge());
        for (int node = 0; node < nodes; node++) {
            attempt("link del " + cable(node));
            attempt("netns del " + namespace(node));
        }
    }

    private static void orFail(String arguments) {
        try {
            ip(arguments);
        } catch (IOException e) {
            throw new IllegalStateException("the network cannot be changed", e);
        }
    }

    /// What was never made cannot be removed, and need not be.
    private static @Nullable IOException attempt(String arguments) {
        try {
            ip(arguments);
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private static void ip(String arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("no end: ip " + arguments);
            }
            if (process.exitValue() != 0) {
                throw new IOException(
                        "ip %s: %s"
                                .formatted(
                                        arguments,
                                        new String(
                                                process.getInputStream().readAllBytes(),
                                                StandardCharsets.UTF_8)));
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: ip " + arguments);
        }
    }
}
