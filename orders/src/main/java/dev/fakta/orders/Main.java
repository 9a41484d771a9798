// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.gateway.Fakta;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/// The order management microsystem's command line: `./fakta COMMAND`.
@Command(
        name = "fakta",
        description = "The order management microsystem.",
        mixinStandardHelpOptions = true)
public final class Main {

    /// By their names, in the order of the help.
    static final Map<String, Class<?>> COMMANDS = commands();

    private Main() {}

    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("run", RunCommand.class);
        commands.put("cluster", ClusterCommand.class);
        commands.put("log", LogCommand.class);
        commands.put("range", RangeCommand.class);
        commands.put("saga", SagaCommand.class);
        commands.put("sandbox", SandboxCommand.class);
        commands.put("view", ViewCommand.class);
        return commands;
    }

    /// The command line for these arguments. Where they begin with a command, it has only this one:
    /// a server's start need not read the annotations of all others.
    public static CommandLine commandLine(String... args) {
        CommandSpec main = CommandSpec.forAnnotatedObject(new Main());
        Class<?> named = args.length == 0 ? null : COMMANDS.get(args[0]);
        if (named == null) {
            COMMANDS.forEach((name, type) -> main.addSubcommand(name, new CommandLine(type)));
        } else {
            main.addSubcommand(args[0], new CommandLine(named));
        }
        return Fakta.commandLine(main);
    }

    /// Ends the JVM: 0 success, 1 failure, 2 wrong usage.
    public static void main(String[] args) {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install(); // the log and the HTTP server speak to the JDK's loggers
        System.exit(commandLine(args).execute(args));
    }
}
