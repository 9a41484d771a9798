// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import dev.fakta.log.LogException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

final class WrongUsageTest {

    @Command(name = "run", mixinStandardHelpOptions = true)
    static final class Run implements Runnable {
        @Mixin private ServeOptions options;

        @Option(names = "--window")
        private Duration window;

        @Override
        public void run() {
            throw new IllegalStateException("it runs with " + options.roles());
        }
    }

    private static List<String> refused(String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine line = Fakta.commandLine(new Run()).setErr(new PrintWriter(err));
        assertThat(line.execute(arguments)).isEqualTo(CommandLine.ExitCode.USAGE);
        return err.toString().lines().toList();
    }

    @Command(name = "read")
    static final class Damaged implements Runnable {
        @Override
        public void run() {
            throw new LogException(LogException.Category.CORRUPT, "frame 4 is damaged");
        }
    }

    @Test
    void a_damaged_log_is_told_with_what_to_do() {
        StringWriter err = new StringWriter();
        CommandLine line = Fakta.commandLine(new Damaged()).setErr(new PrintWriter(err));
        assertThat(line.execute()).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString().lines())
                .containsExactly(
                        "fakta: CORRUPT: frame 4 is damaged (no file was changed: put back a backup; `log verify` tells what is damaged)");
    }

    @Test
    void a_misspelled_option_suggests_the_one_that_is_near() {
        assertThat(refused("--prot", "1"))
                .containsExactly(
                        "fakta: Unknown options: '--prot', '1'; did you mean --port?",
                        "see run --help");
        assertThat(refused("--dta=x")).first().asString().endsWith("did you mean --data?");
    }

    @Test
    void an_option_that_is_near_to_none_suggests_none() {
        assertThat(refused("--colour"))
                .containsExactly("fakta: Unknown option: '--colour'", "see run --help");
    }

    @Test
    void a_value_of_another_type_is_told_in_a_line() {
        assertThat(refused("--port", "http")).hasSize(2).first().asString().contains("--port");
        assertThat(refused("--roles", "gatewy"))
                .hasSize(2)
                .first()
                .asString()
                .contains("--roles", "gatewy");
    }

    @Test
    void a_duration_is_told_with_an_example() {
        assertThat(refused("--window", "15"))
                .hasSize(2)
                .first()
                .asString()
                .contains("--window", "'15' is not a duration, as in PT15M");
    }

    @Test
    void a_program_whose_messages_go_nowhere_is_told_so() {
        assertThat(Served.unlogged(new NOPLoggerFactory()))
                .contains("nothing is logged", "ch.qos.logback:logback-classic");
        assertThat(Served.unlogged(new LoggerContext())).isEmpty();
    }
}
