// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void it_counts_every_kind_of_fault_also_those_that_did_not_happen() {
        String kinds =
                Report.kinds(
                        List.of(
                                strike(Fault.CLOCK_JUMP, 3, 1),
                                strike(Fault.CLOCK_JUMP, 2, 4),
                                strike(Fault.DISK_SLOW, 7, 0)));
        assertThat(kinds)
                .contains("| wall clock jumps | 2 | 3.0 s | 4.00 s |")
                .contains("| slow disk of the database | 1 | 7.0 s | 0.00 s |")
                .contains("| kill -9 | 0 | 0.0 s | 0.00 s |");
        assertThat(kinds.lines()).hasSize(2 + Fault.values().length);
    }

    private static Strike strike(Fault fault, long seconds, long down) {
        return new Strike(
                fault, 0, false, 0, 0, seconds * SECOND, Map.of(1, down * SECOND, 2, 0L), "");
    }
}
