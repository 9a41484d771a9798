// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Microsystem;
import dev.fakta.log.LogException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// The `main` of microsystems that need no commands of their own.
///
/// ```java
/// void main(String[] args) {
///     Fakta.run(args, Microsystem.named("gift-cards").with(GiftCard.AGGREGATE), this::routes);
/// }
/// ```
public final class Fakta {

    private static final Logger LOG = LoggerFactory.getLogger(Fakta.class);

    private Fakta() {}

    /// Serves the microsystem as [#run(String\[\], List)] does.
    public static void run(String[] args, Microsystem microsystem, Consumer<Routes> routes) {
        run(args, List.of(new ServedMicrosystem(microsystem, routes)));
    }

    /// Serves several microsystems, each with its own log, until the process is asked to stop, then
    /// ends the JVM with status 0; with 1 when it cannot start, and with 2 when the arguments are
    /// wrong.
    public static void run(String[] args, List<ServedMicrosystem> microsystems) {
        System.exit(commandLine(new Run(microsystems)).execute(args));
    }

    /// A command line whose failures are one line on standard error, not a stack trace, and whose
    /// wrong arguments are two: the fault, and where to read on.
    public static CommandLine commandLine(Object command) {
        return new CommandLine(command)
                .registerConverter(Duration.class, WrongUsage::duration)
                .setParameterExceptionHandler(WrongUsage::report)
                .setExecutionStrategy(Fakta::execute)
                .setExecutionExceptionHandler(
                        (failure, line, _) -> {
                            PrintWriter err = line.getErr();
                            err.println("fakta: " + failure.getMessage() + whatToDo(failure));
                            err.flush();
                            return CommandLine.ExitCode.SOFTWARE;
                        });
    }

    private static String whatToDo(Exception failure) {
        return failure instanceof LogException e && e.category() == LogException.Category.CORRUPT
                ? " (no file was changed: put back a backup; `log verify` tells what is damaged)"
                : "";
    }

    /// An error ends the process as an exception does; else threads that run already keep it.
    private static int execute(CommandLine.ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (Error e) {
            LOG.error("a command ends by an error", e);
            throw new CommandLine.ExecutionException(
                    parsed.commandSpec().commandLine(), String.valueOf(e), e);
        }
    }

    @Command(name = "run", mixinStandardHelpOptions = true, description = "Serves HTTP.")
    private static final class Run implements Callable<Integer> {
        @Mixin private ServeOptions options = new ServeOptions();
        private final List<ServedMicrosystem> microsystems;

        Run(List<ServedMicrosystem> microsystems) {
            this.microsystems = microsystems;
        }

        @Override
        public Integer call() throws InterruptedException {
            Served served = Served.start(options, microsystems);
            served.closeOnShutdown();
            served.exitWhenLost();
            served.announce(System.out);
            new CountDownLatch(1).await();
            return CommandLine.ExitCode.OK;
        }
    }
}
