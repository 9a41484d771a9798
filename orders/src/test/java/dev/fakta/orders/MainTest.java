// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {

    @Test
    void every_command_is_known_by_the_name_that_it_gives_itself() {
        Main.COMMANDS.forEach(
                (name, type) -> assertThat(new CommandLine(type).getCommandName()).isEqualTo(name));
    }

    @Test
    void what_begins_with_a_command_has_this_one_alone() {
        assertThat(Main.commandLine("run", "--port", "0").getSubcommands()).containsOnlyKeys("run");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "rum"})
    void what_does_not_is_told_of_all(String argument) {
        CommandLine line = Main.commandLine(argument);
        StringWriter said = new StringWriter();
        line.setOut(new PrintWriter(said)).setErr(new PrintWriter(said));
        int status = line.execute(argument);
        assertThat(line.getSubcommands()).containsOnlyKeys(Main.COMMANDS.keySet());
        assertThat(status).isEqualTo(argument.equals("--help") ? 0 : 2);
        assertThat(said.toString()).contains(argument.equals("--help") ? "sandbox" : "run");
    }

    @Test
    void a_command_says_its_whole_name_in_its_help() {
        StringWriter said = new StringWriter();
        int status =
                Main.commandLine("log", "tail", "--help")
                        .setOut(new PrintWriter(said))
                        .execute("log", "tail", "--help");
        assertThat(status).isZero();
        assertThat(said.toString()).contains("fakta log tail");
    }
}
