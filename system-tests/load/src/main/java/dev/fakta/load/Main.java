// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./fakta load`: replays FoodMart against a server that is killed and a payment provider that
/// misbehaves, then audits what was recorded. Exit status 0 when every promise held, 1 when one did
/// not, 2 for wrong usage.
@Command(
        name = "fakta load",
        mixinStandardHelpOptions = true,
        description =
                "Replays the baskets of FoodMart with faults and kills, and audits every fact.",
        sortOptions = false)
public final class Main implements Callable<Integer> {

    @Option(
            names = "--baskets",
            paramLabel = "N",
            description = "how many of the 54,600 (default: ${DEFAULT-VALUE})",
            defaultValue = "54600")
    private int baskets;

    @Option(
            names = "--clients",
            paramLabel = "N",
            description = "who order at once (default: ${DEFAULT-VALUE})",
            defaultValue = "32")
    private int clients;

    @Option(
            names = "--provider-faults",
            paramLabel = "PERCENT",
            description =
                    "of requests to the provider that time out or fail, of webhooks that come twice or late, and of cards that are declined (default: ${DEFAULT-VALUE})",
            defaultValue = "5")
    private int faults;

    @Option(
            names = "--kills",
            paramLabel = "N",
            description = "how often the server is killed (default: ${DEFAULT-VALUE})",
            defaultValue = "20")
    private int kills;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "which baskets, which faults, when killed (default: ${DEFAULT-VALUE})",
            defaultValue = "1")
    private long seed;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "an empty or new folder for all that is written (default: ${DEFAULT-VALUE})",
            defaultValue = "target/load")
    private Path data;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        LoadSettings settings;
        try {
            settings =
                    new LoadSettings(
                            baskets,
                            clients,
                            faults,
                            kills,
                            seed,
                            data,
                            List.of("-cp", System.getProperty("java.class.path")));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        LoadReport report = LoadRun.run(settings, FoodMart.read(), System.out);
        report.print(System.out);
        return report.isClean() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
