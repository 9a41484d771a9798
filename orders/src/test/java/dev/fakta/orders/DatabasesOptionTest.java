// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.gateway.Fakta;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// `run --postgres` and `range move` with arguments that are wrong: nothing is started.
final class DatabasesOptionTest {

    private final StringWriter err = new StringWriter();

    @Test
    void ranges_that_leave_partitions_out_are_wrong_usage_and_all_faults_are_named() {
        int status =
                execute(
                        new RunCommand(),
                        "--postgres",
                        "0-15=jdbc:postgresql://db1/fakta",
                        "--postgres",
                        "8-62=jdbc:postgresql://db2/fakta?password=hush");
        assertThat(status).isEqualTo(2);
        assertThat(err.toString())
                .contains("--postgres: two databases hold partitions 8 to 15")
                .contains("no database holds partition 63")
                .doesNotContain("hush");
    }

    @Test
    void several_databases_without_ranges_are_wrong_usage() {
        int status =
                execute(
                        new RunCommand(),
                        "--postgres",
                        "jdbc:postgresql://db1/fakta",
                        "--postgres",
                        "jdbc:postgresql://db2/fakta");
        assertThat(status).isEqualTo(2);
        assertThat(err.toString())
                .contains("database 1 is not of the form FIRST-LAST=JDBC_URL; database 2 is not");
    }

    @Test
    void a_range_to_be_moved_is_two_numbers() {
        int status =
                execute(
                        new RangeCommand(),
                        "move",
                        "--from",
                        "jdbc:postgresql://a/x",
                        "--to",
                        "jdbc:postgresql://b/x",
                        "--partitions",
                        "48");
        assertThat(status).isEqualTo(2);
        assertThat(err.toString()).contains("FIRST-LAST such as 48-63, not 48");
    }

    private int execute(Object command, String... arguments) {
        CommandLine line = Fakta.commandLine(command);
        line.setErr(new PrintWriter(err));
        return line.execute(arguments);
    }
}
