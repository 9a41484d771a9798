// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Which node hosts which partition: rank 1 its active copy, rank 2 the passive one.
///
/// Rendezvous hashing (Thaler and Ravishankar, 1998): every node gets a score for every partition,
/// the highest is rank 1. All nodes that know of the same nodes come to the same table without
/// asking anybody, a node that leaves gives its partitions to their rank 2, and one that joins
/// takes only its own share.
///
/// A node that has joined does not host active copies until it has *settled*: for some seconds it
/// keeps the partitions of its share as passive copies, whatever its rank, so that it takes them
/// warm. Views and sagas do not go to it until then either: a young JVM would let all wait that
/// wait for them. Nodes that for a moment know of different ones may both take a partition: the
/// log's claim decides then, so safety does not rest on this table.
final class Placement {

    static final Placement NONE = new Placement(List.of(), Set.of(), List.of());

    private final List<Peer> peers;
    private final Set<Long> settled;
    private final List<List<Peer>> ranked;

    private Placement(Collection<Peer> peers, Set<Long> settled, List<List<Peer>> ranked) {
        this.peers = List.copyOf(peers);
        this.settled = Set.copyOf(settled);
        this.ranked = List.copyOf(ranked);
    }

    /// Places partitions on those of the nodes that host aggregates, and the partition's
    /// microsystem.
    ///
    /// @param settled the uids of nodes that have settled; where none of the able ones has, all
    ///   count as if they had
    /// @param owner the microsystem of a partition
    static Placement of(
            Collection<Peer> peers, Set<Long> settled, int partitions, IntFunction<String> owner) {
        Map<String, List<Peer>> hosts = new HashMap<>();
        List<List<Peer>> ranked = new ArrayList<>(partitions);
        for (int partition = 0; partition < partitions; partition++) {
            List<Peer> able =
                    hosts.computeIfAbsent(
                            owner.apply(partition), name -> hosts(peers, Role.AGGREGATE, name));
            ranked.add(two(ranked(Integer.toString(partition), able), settled));
        }
        return new Placement(peers, settled, ranked);
    }

    /// The best node is active and the second passive; or, while the best one has not settled, the
    /// best that has is active for it, and the newcomer follows.
    private static List<Peer> two(List<Peer> ranked, Set<Long> settled) {
        List<Peer> able = ranked.stream().filter(peer -> settled.contains(peer.uid())).toList();
        return able.isEmpty() || able.getFirst().equals(ranked.getFirst())
                ? ranked.stream().limit(2).toList()
                : List.of(able.getFirst(), ranked.getFirst());
    }

    /// Those that have a role for a microsystem.
    static List<Peer> hosts(Collection<Peer> peers, Role role, String microsystem) {
        return peers.stream().filter(peer -> peer.has(role) && peer.hosts(microsystem)).toList();
    }

    /// These nodes, the best one for a thing of this name first.
    static List<Peer> ranked(String name, Collection<Peer> peers) {
        return peers.stream()
                .sorted(
                        Comparator.comparingLong((Peer peer) -> score(name, peer.address()))
                                .reversed()
                                .thenComparing(Peer::address))
                .toList();
    }

    /// FNV-1a over both names, then the finalizer of SplitMix64, without which names that differ in
    /// their last character only get scores that are alike.
    private static long score(String name, String address) {
        long hash = 0xcbf29ce484222325L;
        for (byte one : (name + '@' + address).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (one & 0xFF)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }

    /// The node that runs a view or a saga of this name, the best that has settled; `null` when no
    /// node may.
    ///
    /// @param microsystem whose it is
    @Nullable Peer first(String name, Role role, String microsystem) {
        List<Peer> best = two(ranked(name, hosts(peers, role, microsystem)), settled);
        return best.isEmpty() ? null : best.getFirst();
    }

    boolean hasSettled(long uid) {
        return settled.contains(uid);
    }

    /// The node of a partition's active copy; `null` when no node hosts aggregates.
    @Nullable Peer active(int partition) {
        return at(partition, 0);
    }

    /// The partitions that a node hosts: their active copies with rank 1, the passive ones with 2.
    Set<Integer> hostedBy(String address, int rank) {
        Set<Integer> hosted = new HashSet<>();
        for (int partition = 0; partition < ranked.size(); partition++) {
            Peer host = at(partition, rank - 1);
            if (host != null && host.address().equals(address)) {
                hosted.add(partition);
            }
        }
        return hosted;
    }

    private @Nullable Peer at(int partition, int rank) {
        if (partition >= ranked.size() || ranked.get(partition).size() <= rank) {
            return null;
        }
        return ranked.get(partition).get(rank);
    }
}
