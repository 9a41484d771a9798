// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.gateway.Fakta;
import picocli.CommandLine.Command;

/// The order management microsystem's command line: `./fakta COMMAND`.
@Command(
        name = "fakta",
        description = "The order management microsystem.",
        mixinStandardHelpOptions = true,
        subcommands = {RunCommand.class, ViewCommand.class})
public final class Main {

    private Main() {}

    /// Ends the JVM: 0 success, 1 failure, 2 wrong usage.
    public static void main(String[] args) {
        System.exit(Fakta.commandLine(new Main()).execute(args));
    }
}
