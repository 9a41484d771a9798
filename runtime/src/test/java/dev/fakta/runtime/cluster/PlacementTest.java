// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.runtime.Role;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlacementTest {

    private static final String ONE = "orders";

    private static final int PARTITIONS = 64;

    private static List<Peer> peers(int count) {
        List<Peer> peers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            peers.add(new Peer("10.0.0." + i + ":7355", i, EnumSet.allOf(Role.class), Set.of(ONE)));
        }
        return peers;
    }

    private static Set<Long> uids(List<Peer> peers) {
        return peers.stream().map(Peer::uid).collect(Collectors.toSet());
    }

    private static Set<Integer> common(Set<Integer> one, Set<Integer> other) {
        Set<Integer> common = new HashSet<>(one);
        common.retainAll(other);
        return common;
    }

    @Test
    void every_partition_has_one_active_and_one_passive_copy_on_different_nodes() {
        List<Peer> peers = peers(5);
        Placement placement = Placement.of(peers, uids(peers), PARTITIONS, _ -> ONE);
        List<Integer> active = new ArrayList<>();
        List<Integer> passive = new ArrayList<>();
        for (Peer peer : peers) {
            Set<Integer> first = placement.hostedBy(peer.address(), 1);
            Set<Integer> second = placement.hostedBy(peer.address(), 2);
            assertThat(common(first, second)).isEmpty();
            active.addAll(first);
            passive.addAll(second);
        }
        assertThat(active).hasSize(PARTITIONS).doesNotHaveDuplicates();
        assertThat(passive).hasSize(PARTITIONS).doesNotHaveDuplicates();
    }

    @Test
    void shares_are_about_equal() {
        Placement placement = Placement.of(peers(4), uids(peers(4)), 1_024, _ -> ONE);
        for (Peer peer : peers(4)) {
            assertThat(placement.hostedBy(peer.address(), 1)).hasSizeBetween(200, 312);
        }
    }

    @Test
    void the_partitions_of_a_node_that_is_gone_go_to_their_passive_copies_and_no_others_move() {
        List<Peer> peers = peers(4);
        Placement before = Placement.of(peers, uids(peers), PARTITIONS, _ -> ONE);
        Peer gone = peers.removeFirst();
        Placement after = Placement.of(peers, uids(peers), PARTITIONS, _ -> ONE);
        Set<Integer> moved = before.hostedBy(gone.address(), 1);
        for (Peer peer : peers) {
            Set<Integer> expected = new HashSet<>(before.hostedBy(peer.address(), 1));
            expected.addAll(common(moved, before.hostedBy(peer.address(), 2)));
            assertThat(after.hostedBy(peer.address(), 1)).isEqualTo(expected);
        }
    }

    @Test
    void a_new_node_takes_its_own_share_only() {
        List<Peer> peers = peers(4);
        Placement after = Placement.of(peers, uids(peers), PARTITIONS, _ -> ONE);
        peers.removeLast();
        Placement before = Placement.of(peers, uids(peers), PARTITIONS, _ -> ONE);
        for (Peer peer : peers) {
            assertThat(before.hostedBy(peer.address(), 1))
                    .containsAll(after.hostedBy(peer.address(), 1));
        }
    }

    @Test
    void a_node_that_has_not_settled_follows_all_of_its_share_and_those_before_it_hold_it() {
        List<Peer> peers = peers(4);
        Placement settled = Placement.of(peers, uids(peers), PARTITIONS, _ -> ONE);
        Peer newcomer = peers.getLast();
        List<Peer> others = peers.subList(0, 3);
        Placement following = Placement.of(peers, uids(others), PARTITIONS, _ -> ONE);
        Placement before = Placement.of(others, uids(others), PARTITIONS, _ -> ONE);
        Set<Integer> share = new HashSet<>(settled.hostedBy(newcomer.address(), 1));
        share.addAll(settled.hostedBy(newcomer.address(), 2));
        assertThat(following.hostedBy(newcomer.address(), 1)).isEmpty();
        assertThat(following.hostedBy(newcomer.address(), 2)).isEqualTo(share);
        for (Peer peer : others) {
            assertThat(following.hostedBy(peer.address(), 1))
                    .isEqualTo(before.hostedBy(peer.address(), 1));
        }
    }

    @Test
    void nodes_that_have_not_settled_host_all_when_no_other_node_can() {
        List<Peer> peers = peers(3);
        Placement none = Placement.of(peers, Set.of(), PARTITIONS, _ -> ONE);
        Placement all = Placement.of(peers, uids(peers), PARTITIONS, _ -> ONE);
        for (Peer peer : peers) {
            for (int rank = 1; rank <= 2; rank++) {
                assertThat(none.hostedBy(peer.address(), rank))
                        .isEqualTo(all.hostedBy(peer.address(), rank));
            }
        }
    }

    @Test
    void views_and_sagas_go_to_a_node_once_it_has_settled() {
        List<Peer> peers = peers(4);
        Placement settled = Placement.of(peers, uids(peers), PARTITIONS, _ -> ONE);
        Peer newcomer = peers.getLast();
        List<String> views = IntStream.range(0, 100).mapToObj(i -> "view-" + i).toList();
        List<String> share =
                views.stream()
                        .filter(view -> newcomer.equals(settled.first(view, Role.VIEW, ONE)))
                        .toList();
        List<Peer> others = List.copyOf(peers.subList(0, 3));
        Placement joined = Placement.of(peers, uids(others), PARTITIONS, _ -> ONE);
        Placement before = Placement.of(others, uids(others), PARTITIONS, _ -> ONE);
        assertThat(share).hasSizeBetween(10, 40);
        assertThat(views)
                .allSatisfy(
                        view ->
                                assertThat(joined.first(view, Role.VIEW, ONE))
                                        .isEqualTo(before.first(view, Role.VIEW, ONE)));
        assertThat(Placement.NONE.first("view-1", Role.VIEW, ONE)).isNull();
        assertThat(settled.first("view-1", Role.VIEW, "stock")).isNull();
    }

    @Test
    void a_node_without_the_role_hosts_nothing() {
        List<Peer> peers = peers(1);
        Peer gateway = new Peer("10.0.1.1:7355", 9, EnumSet.of(Role.GATEWAY), Set.of(ONE));
        peers.add(gateway);
        Placement placement = Placement.of(peers, uids(peers), PARTITIONS, _ -> ONE);
        assertThat(placement.hostedBy(gateway.address(), 1)).isEmpty();
        assertThat(placement.hostedBy(gateway.address(), 2)).isEmpty();
        assertThat(placement.hostedBy(peers.getFirst().address(), 1)).hasSize(PARTITIONS);
        assertThat(Placement.NONE.active(3)).isNull();
    }

    @Test
    void a_partition_is_placed_where_its_microsystem_is_hosted() {
        Set<Role> roles = EnumSet.allOf(Role.class);
        List<Peer> peers =
                List.of(
                        new Peer("10.0.0.1:7355", 1, roles, Set.of(ONE)),
                        new Peer("10.0.0.2:7355", 2, roles, Set.of("stock")),
                        new Peer("10.0.0.3:7355", 3, roles, Set.of("stock")));
        Placement placement =
                Placement.of(peers, uids(peers), 30, partition -> partition < 10 ? ONE : "stock");
        assertThat(placement.hostedBy("10.0.0.1:7355", 1))
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(placement.hostedBy("10.0.0.1:7355", 2)).isEmpty();
        assertThat(placement.hostedBy("10.0.0.2:7355", 1))
                .isNotEmpty()
                .isEqualTo(placement.hostedBy("10.0.0.3:7355", 2))
                .allMatch(partition -> partition >= 10);
        Placement without =
                Placement.of(
                        peers.subList(0, 1),
                        uids(peers),
                        30,
                        partition -> partition < 10 ? ONE : "stock");
        assertThat(without.active(20)).isNull();
    }
}
