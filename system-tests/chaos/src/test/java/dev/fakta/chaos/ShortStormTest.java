// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.servers.QuickStart;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The chaos suite in about a minute. The long run: `./fakta chaos --minutes N`.
final class ShortStormTest {

    private static final long SEED = Long.getLong("fakta.chaos.seed", 20261123L);

    /// Of each of the 76 clients: at 15 calls a second two processors have room for nodes that
    /// start, and for the tests beside this one.
    private static final Duration PACE = Duration.ofSeconds(5);

    @Test
    void a_cluster_keeps_its_promises_under_four_faults() throws Exception {
        List<Fault> faults =
                List.of(Fault.KILL, Fault.FREEZE, Fault.RESTART, Fault.DATABASE_RESTART);
        var settings =
                new Storm.Settings(
                        "A short storm",
                        3,
                        SEED,
                        PACE,
                        Path.of("target", "chaos").toAbsolutePath(),
                        QuickStart.options(),
                        Set.copyOf(faults));
        Report report = Storm.run(settings, faults.iterator(), System.out);
        assertThat(report.strikes()).hasSize(faults.size());
        assertThat(report.verdict().wrong()).isEmpty();
        assertThat(report.verdict().checks())
                .filteredOn(check -> !check.promise().startsWith("If-Match"))
                .allSatisfy(check -> assertThat(check.looked()).as(check.promise()).isPositive());
    }
}
