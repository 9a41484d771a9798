// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.gateway.Fakta;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine.Command;

/// The order management microsystem's command line: `./fakta COMMAND`.
@Command(
        name = "fakta",
        description = "The order management microsystem.",
        mixinStandardHelpOptions = true,
        subcommands = {
            RunCommand.class,
            ClusterCommand.class,
            LogCommand.class,
            RangeCommand.class,
            SagaCommand.class,
            SandboxCommand.class,
            ViewCommand.class
        })
public final class Main {

    private Main() {}

    /// Ends the JVM: 0 success, 1 failure, 2 wrong usage.
    public static void main(String[] args) {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install(); // the log and the HTTP server speak to the JDK's loggers
        System.exit(Fakta.commandLine(new Main()).execute(args));
    }
}
