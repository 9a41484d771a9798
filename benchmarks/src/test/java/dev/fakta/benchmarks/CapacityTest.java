// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class CapacityTest {

    private static final long SEED = 7;

    /// 100 us on one node, 120 us on two, 10 us in the database; a commit takes 1 ms.
    private static final OrderCosts COSTS =
            new OrderCosts(
                    100,
                    70,
                    50,
                    0,
                    30,
                    10,
                    40,
                    1_000,
                    1_000,
                    800,
                    3_000,
                    OrderCosts.PerCommit.NOTHING);

    @Nested
    class Formula {

        @Test
        void the_more_nodes_the_more_orders_have_their_partition_elsewhere() {
            assertThat(COSTS.onNodes(1, 1)).isEqualTo(100);
            assertThat(COSTS.onNodes(2, 1)).isEqualTo(110);
            assertThat(COSTS.onNodes(1_000, 1)).isCloseTo(120, within(0.1));
            assertThat(COSTS.rate(2, 0.25, 1)).isCloseTo(2 * 0.25 * 1e6 / 110, within(0.1));
        }

        /// A commit takes 40 us on its node, 20 us on another one in it, and 30 us in the database.
        @Test
        void orders_that_share_a_commit_share_what_it_costs() {
            OrderCosts costs = COSTS.with(new OrderCosts.PerCommit(40, 20, 30));
            assertThat(costs.onNodes(1, 1)).isEqualTo(140);
            assertThat(costs.onNodes(1, 4)).isEqualTo(110);
            assertThat(costs.onNodes(3, 10)).isCloseTo(COSTS.onNodes(3, 1) + 8, within(0.01));
            assertThat(costs.inLog(3)).isEqualTo(20);
            assertThat(OrderCosts.shared(10, 1, 0.001)).isEqualTo(1);
            assertThat(OrderCosts.shared(10_000, 1, 0.001)).isCloseTo(10, within(0.01));
            assertThat(OrderCosts.shared(10_000, 2, 0.001)).isCloseTo(5, within(0.01));
        }

        @Test
        void one_node_can_be_lost() {
            var machine = new CapacityPlan.Machine(10, 0.5, 1e9);
            CapacityPlan plan = CapacityPlan.of(100_000, COSTS, machine);
            double left = COSTS.rate(plan.nodes() - 1, machine.usable(), 1);
            assertThat(left).isGreaterThanOrEqualTo(100_000);
            assertThat(COSTS.rate(plan.nodes() - 2, machine.usable(), 1)).isLessThan(100_000);
            assertThat(plan.databases()).isEqualTo(1); // its 10 cores carry 500 k/s
            assertThat(plan.viewCores()).isCloseTo(6, within(0.01));
        }

        @Test
        void a_database_uses_no_more_cores_than_there_are_nodes_that_write_to_it() {
            var costs =
                    new OrderCosts(
                            10, 10, 10, 0, 1, 100, 1, 1_000, 1, 1, 1, OrderCosts.PerCommit.NOTHING);
            var machine = new CapacityPlan.Machine(16, 0.5, 1e9);
            CapacityPlan plan = CapacityPlan.of(40_000, costs, machine);
            assertThat(plan.nodes()).isEqualTo(3);
            assertThat(plan.databases()).isEqualTo(4); // two nodes' writers carry 10 k/s in each
        }

        @Test
        void a_database_is_limited_by_its_disk_too() {
            var slow = new CapacityPlan.Machine(100, 0.5, 10e6);
            assertThat(CapacityPlan.of(20_000, COSTS, slow).databases()).isEqualTo(4);
            assertThat(CapacityPlan.of(20_000, COSTS, slow).walBytesPerSecond()).isEqualTo(5e6);
        }

        @Test
        void no_less_than_three_nodes_are_a_cluster_that_can_lose_one() {
            var machine = new CapacityPlan.Machine(16, 0.6, 1e9);
            assertThat(CapacityPlan.of(1, COSTS, machine).nodes()).isEqualTo(3);
            assertThat(CapacityPlan.of(1, COSTS, machine).databases()).isEqualTo(1);
        }

        @Test
        void a_machine_without_cores_or_busier_than_it_can_be_is_refused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new CapacityPlan.Machine(0, 0.5, 1));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new CapacityPlan.Machine(1, 1.5, 1));
        }
    }

    @Nested
    class Simulation {

        @Test
        void the_same_seed_gives_the_same_result_and_another_one_another() {
            var setup = new ClusterSimulation.Setup(COSTS, List.of(30, 34), 1, 1, 1);
            var first = ClusterSimulation.open(setup, 5_000, 1, SEED);
            assertThat(ClusterSimulation.open(setup, 5_000, 1, SEED)).isEqualTo(first);
            assertThat(ClusterSimulation.open(setup, 5_000, 1, SEED + 1)).isNotEqualTo(first);
        }

        @Test
        void many_clients_get_what_the_nodes_cpus_carry() {
            var setup = new ClusterSimulation.Setup(COSTS, List.of(32, 32), 0.5, 1, 1);
            assertThat(ClusterSimulation.closed(setup, 64, 4, SEED).rate())
                    .isCloseTo(COSTS.rate(2, 0.5, 1), Percentage.withPercentage(3));
        }

        @Test
        void many_nodes_get_what_the_databases_carry() {
            List<Integer> partitions = List.of(8, 8, 8, 8, 8, 8, 8, 8);
            var one = new ClusterSimulation.Setup(COSTS, partitions, 4, 1, 1);
            var two = new ClusterSimulation.Setup(COSTS, partitions, 4, 2, 1);
            assertThat(ClusterSimulation.closed(one, 200, 1, SEED).rate())
                    .isCloseTo(100_000, Percentage.withPercentage(3));
            assertThat(ClusterSimulation.closed(two, 200, 1, SEED).rate())
                    .isCloseTo(200_000, Percentage.withPercentage(3));
        }

        @Test
        void nodes_write_to_all_databases_and_each_of_their_writers_uses_one_core() {
            var costs =
                    new OrderCosts(
                            1, 1, 1, 0, 1, 100, 1, 10, 1, 1, 1, OrderCosts.PerCommit.NOTHING);
            var setup = ClusterSimulation.Setup.placed(costs, 1_024, 4, 16, 4, 16, SEED);
            var result = ClusterSimulation.open(setup, 100_000, 0.5, SEED);
            assertThat(result.rate()).isCloseTo(100_000, Percentage.withPercentage(3));
            assertThat(ClusterSimulation.closed(setup, 2_000, 0.5, SEED).rate())
                    .isBetween(120_000.0, 160_000.0); // 16 writers of 10 k/s
        }

        @Test
        void a_commit_costs_its_nodes_once_however_many_share_it() {
            OrderCosts costs = COSTS.with(new OrderCosts.PerCommit(300, 0, 0));
            var setup = new ClusterSimulation.Setup(costs, List.of(64), 0.5, 1, 1);
            var many = ClusterSimulation.closed(setup, 64, 4, SEED);
            assertThat(many.shared()).isGreaterThan(3);
            assertThat(many.rate())
                    .isCloseTo(costs.rate(1, 0.5, many.shared()), Percentage.withPercentage(3));
            var one = ClusterSimulation.closed(setup, 1, 4, SEED);
            assertThat(one.shared()).isEqualTo(1);
            assertThat(one.nodesBusy()).isCloseTo(one.rate() * 400 / 0.5e6, within(0.01));
        }

        @Test
        void one_client_waits_for_work_and_disk_and_for_nobody_else() {
            var setup = new ClusterSimulation.Setup(COSTS, List.of(64), 1, 1, 1);
            var result = ClusterSimulation.closed(setup, 1, 1, SEED);
            assertThat(result.p50Millis()).isCloseTo(1.110, within(0.001));
            assertThat(result.p99Millis()).isCloseTo(1.110, within(0.001));
            assertThat(result.rate()).isCloseTo(1_000 / 1.110, within(2.0));
        }

        @Test
        void an_open_load_is_carried_while_there_is_room_and_waits_the_longer_the_less_there_is() {
            var setup = new ClusterSimulation.Setup(COSTS, List.of(64), 1, 1, 1);
            var calm = ClusterSimulation.open(setup, 3_000, 5, SEED);
            var busy = ClusterSimulation.open(setup, 9_000, 5, SEED);
            assertThat(calm.rate()).isCloseTo(3_000, Percentage.withPercentage(3));
            assertThat(calm.nodesBusy()).isCloseTo(0.3, within(0.02));
            assertThat(calm.databasesBusy()).isCloseTo(0.03, within(0.01));
            assertThat(busy.nodesBusy()).isCloseTo(0.9, within(0.03));
            assertThat(busy.p99Millis()).isGreaterThan(calm.p99Millis());
        }

        @Test
        void random_placement_gives_out_every_partition() {
            var setup = ClusterSimulation.Setup.placed(COSTS, 1_024, 17, 16, 3, 16, SEED);
            assertThat(setup.partitions()).hasSize(17);
            assertThat(setup.partitions().stream().mapToInt(Integer::intValue).sum())
                    .isEqualTo(1_024);
        }
    }
}
