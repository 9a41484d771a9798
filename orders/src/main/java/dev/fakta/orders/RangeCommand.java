// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.postgres.RangeMove;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Works on the ranges of partitions that the databases of a cluster hold.
@Command(
        name = "range",
        mixinStandardHelpOptions = true,
        description = "Works on the databases of a cluster that is stopped.")
final class RangeCommand {

    private static final Pattern RANGE = Pattern.compile("(\\d{1,4})-(\\d{1,4})");

    @Spec private CommandSpec spec;

    @Command(
            name = "move",
            mixinStandardHelpOptions = true,
            description = {
                "Moves partitions of a microsystem's log into a database that holds none of it, then to",
                "be named to every node.",
                "Stop the nodes first. Cut off, it is run again with the same words. The old rows",
                "stay where they are; nobody reads them."
            })
    int move(
            @Option(
                            names = "--microsystem",
                            paramLabel = "NAME",
                            defaultValue = "orders",
                            description = "whose log it is (default: ${DEFAULT-VALUE})")
                    String microsystem,
            @Option(
                            names = "--from",
                            paramLabel = "JDBC_URL",
                            required = true,
                            description =
                                    "the database that holds them; the password with PGPASSWORD")
                    String from,
            @Option(
                            names = "--to",
                            paramLabel = "JDBC_URL",
                            required = true,
                            description = "an empty database")
                    String to,
            @Option(
                            names = "--partitions",
                            paramLabel = "FIRST-LAST",
                            required = true,
                            description = "which, at one end of those that are there")
                    String partitions) {
        Matcher range = RANGE.matcher(partitions);
        if (!range.matches()) {
            throw new ParameterException(
                    spec.subcommands().get("move"),
                    "--partitions: FIRST-LAST such as 48-63, not " + partitions);
        }
        long records =
                RangeMove.run(
                        microsystem,
                        from,
                        to,
                        Integer.parseInt(range.group(1)),
                        Integer.parseInt(range.group(2)));
        spec.commandLine()
                .getOut()
                .printf(Locale.ROOT, "moved partitions %s: %,d records%n", partitions, records);
        spec.commandLine().getOut().flush();
        return CommandLine.ExitCode.OK;
    }
}
