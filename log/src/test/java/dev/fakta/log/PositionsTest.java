// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionsTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "0.0", "3.17", "3.17,9.204", "0.9223372036854775807"})
    void what_is_written_is_read_back(String text) {
        assertThat(Positions.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {",", "3", "3.", ".3", "3.17,", "-1.2", "1.-2", "1.2.3", "a.b", " 1.2"})
    void what_is_something_else_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Positions.parse(text));
    }

    @Test
    void partitions_are_kept_in_ascending_order() {
        Positions positions = Positions.NONE.with(9, 1).with(3, 2).with(5, 3);
        assertThat(positions.partitions()).containsExactly(3, 5, 9);
        assertThat(positions).isEqualTo(Positions.parse("3.2,5.3,9.1"));
        assertThat(positions).hasSameHashCodeAs(Positions.parse("9.1,3.2,5.3"));
    }

    @Test
    void a_partition_that_is_not_named_counts_as_offset_0() {
        Positions positions = Positions.of(1, 5);
        assertThat(positions.offset(2)).isZero();
        assertThat(positions.names(2)).isFalse();
        assertThat(positions.covers(Positions.of(2, 0))).isTrue();
        assertThat(positions.covers(Positions.of(2, 1))).isFalse();
    }

    @Test
    void with_changes_a_copy() {
        Positions before = Positions.start(3);
        assertThat(before.with(1, 7)).isEqualTo(Positions.parse("0.0,1.7,2.0"));
        assertThat(before).isEqualTo(Positions.parse("0.0,1.0,2.0"));
    }

    @Test
    void neither_array_can_be_changed_from_outside() {
        long[] offsets = {1, 2};
        Positions positions = Positions.ofAll(offsets);
        offsets[0] = 100;
        positions.partitions()[0] = 100;
        assertThat(positions).hasToString("0.1,1.2");
    }

    @Test
    void merging_keeps_the_higher_offset_and_every_name() {
        Positions merged = Positions.parse("0.5,1.2").merge(Positions.parse("0.3,1.4,2.0"));
        assertThat(merged).hasToString("0.5,1.4,2.0");
    }

    @Test
    void one_covers_another_when_it_reached_every_offset_of_it() {
        Positions reached = Positions.parse("0.5,1.2");
        assertThat(reached.covers(Positions.parse("0.5,1.1"))).isTrue();
        assertThat(reached.covers(Positions.parse("0.6"))).isFalse();
        assertThat(reached.covers(Positions.NONE)).isTrue();
    }

    @Test
    void what_is_ahead_of_another_is_what_goes_further_than_it() {
        Positions here = Positions.parse("1.0,3.17,9.204,12.5");
        assertThat(here.aheadOf(Positions.parse("3.16,9.204,12.6")))
                .isEqualTo(Positions.parse("3.17"));
        assertThat(here.aheadOf(Positions.NONE)).isEqualTo(Positions.parse("3.17,9.204,12.5"));
        assertThat(Positions.NONE.aheadOf(here)).isEqualTo(Positions.NONE);
    }

    @Test
    void how_far_one_is_behind_is_the_sum_over_the_heads() {
        assertThat(Positions.parse("0.5,1.2").behind(Positions.parse("0.9,1.1,2.3"))).isEqualTo(7);
    }

    @Test
    void a_token_of_320_partitions_at_a_trillion_is_read_back_and_has_less_than_2_kb() {
        Random random = new Random(1);
        long[] offsets = random.longs(320, 1_000_000_000_000L, 1_000_001_000_000L).toArray();
        Positions all = Positions.ofAll(offsets);
        assertThat(all.token()).hasSizeLessThan(2_048);
        assertThat(Positions.parse(all.token())).isEqualTo(all);
    }

    @Test
    void the_largest_partition_is_merged_as_any_other() {
        Positions largest = Positions.of(Integer.MAX_VALUE, 1);
        Positions both = Positions.of(3, 17).with(Integer.MAX_VALUE, 1);
        assertThat(Positions.NONE.merge(largest)).isEqualTo(largest);
        assertThat(Positions.of(3, 17).merge(largest)).isEqualTo(both);
        assertThat(largest.merge(Positions.of(3, 17))).isEqualTo(both);
    }

    @Test
    void a_token_of_few_partitions_can_be_read_by_people() {
        assertThat(Positions.of(3, 17).merge(Positions.of(9, 204)).token()).isEqualTo("3.17,9.204");
    }

    @Test
    void a_packed_token_of_any_positions_is_read_back() {
        Random random = new Random(2);
        for (int round = 0; round < 2_000; round++) {
            Positions some = Positions.NONE;
            int bits = random.nextInt(1, 63);
            for (int i = random.nextInt(1, 60); i > 0; i--) {
                some = some.with(random.nextInt(4_096), random.nextLong(1L << bits));
            }
            int[] partitions = some.partitions();
            long[] offsets = Arrays.stream(partitions).mapToLong(some::offset).toArray();
            assertThat(Positions.parse(CompactPositions.write(partitions, offsets)))
                    .isEqualTo(some);
        }
    }

    @Test
    void what_is_no_packed_token_is_refused() {
        String good = CompactPositions.write(new int[] {1, 2, 5}, new long[] {7, 900, 12});
        Random random = new Random(3);
        for (int round = 0; round < 5_000; round++) {
            char[] bad = good.toCharArray();
            bad[random.nextInt(1, bad.length)] = (char) random.nextInt('!', 'z');
            String text = new String(bad, 0, random.nextInt(1, bad.length + 1));
            try {
                Positions read = Positions.parse(text);
                assertThat(read.partitions()).isSorted().hasSizeLessThanOrEqualTo(1 << 16);
            } catch (IllegalArgumentException _) {
                continue; // as it should be, unless it is positions by chance
            }
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Positions.parse("~"));
        assertThatIllegalArgumentException().isThrownBy(() -> Positions.parse("~____________"));
    }
}
