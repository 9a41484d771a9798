// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.servers.QuickStart;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The short version of `./fakta load`: some baskets of FoodMart, faults in the provider, and
/// kills.
final class ShortLoadTest {

    private static final int BASKETS = 120;
    private static final int KILLS = 3;

    @Test
    void every_promise_holds_through_faults_and_kills(@TempDir Path data) throws Exception {
        var settings =
                new LoadSettings(
                        BASKETS,
                        16,
                        5,
                        KILLS,
                        20_261_123,
                        data.resolve("run"),
                        QuickStart.options());

        LoadReport report = LoadRun.run(settings, FoodMart.read(), System.out);

        assertThat(report.moving()).isEmpty();
        assertThat(report.wrong()).isEmpty();
        assertThat(report.unproven()).isEmpty();
        assertThat(report.answers()).containsOnlyKeys(201).containsValue(BASKETS);
        assertThat(report.ends()).containsKeys("order-completed", "order-cancelled");
    }
}
