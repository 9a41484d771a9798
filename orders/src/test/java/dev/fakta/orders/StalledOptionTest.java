// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.gateway.Fakta;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// `run --stalled-after`.
class StalledOptionTest {

    private final StringWriter text = new StringWriter();

    private int execute(String... arguments) {
        CommandLine line = Fakta.commandLine(new RunCommand());
        line.setErr(new PrintWriter(text)).setOut(new PrintWriter(text));
        return line.execute(arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "week"})
    void no_time_is_wrong_usage_and_nothing_is_started(String days) {
        assertThat(execute("--stalled-after", days)).isEqualTo(2);
        assertThat(text.toString()).contains("--stalled-after");
    }

    @Test
    void the_help_says_that_it_is_a_week() {
        assertThat(execute("--help")).isZero();
        assertThat(text.toString()).contains("--stalled-after=DAYS", "(default: 7)");
    }
}
