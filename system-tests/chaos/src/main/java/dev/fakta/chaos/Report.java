// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import dev.fakta.chaos.History.Call;
import dev.fakta.chaos.History.Miss;
import dev.fakta.chaos.History.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// What a run found, in Markdown, with a plot beside it.
record Report(
        String title,
        History history,
        List<Strike> strikes,
        Verdict verdict,
        long from,
        long until) {

    private static final int SHOWN_MISSES = 30;

    Report {
        strikes = List.copyOf(strikes);
    }

    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("report.md"), text());
        Files.writeString(
                directory.resolve("availability.svg"), Plot.of(history, strikes, from, until));
    }

    /// One line for each fault.
    static String line(Strike strike, History history, long began) {
        List<Miss> misses = history.misses(strike.from(), strike.whole(), null);
        long broken = misses.stream().filter(miss -> miss.status() == 0).count();
        return String.format(
                Locale.ROOT,
                "| %.1f s | %s | %s | %.1f s | %.1f s | %.2f s | %d | %d | %.0f ms | %s |",
                (strike.from() - began) / 1e9,
                strike.fault().label(),
                strike.where(),
                (strike.lifted() - strike.from()) / 1e9,
                (strike.whole() - strike.from()) / 1e9,
                strike.worst() / 1e9,
                misses.size() - broken,
                broken,
                slowest(history, strike) / 1e6,
                strike.remark());
    }

    /// The 99th percentile of how long calls took that ended under a fault.
    private static long slowest(History history, Strike strike) {
        long[] took =
                history.orders().stream()
                        .flatMap(order -> history.of(order).stream())
                        .filter(call -> call.end() > strike.from() && call.end() < strike.whole())
                        .mapToLong(call -> call.end() - call.start())
                        .sorted()
                        .toArray();
        return took.length == 0 ? 0 : Downtime.percentile(took, 99);
    }

    String text() {
        StringBuilder text = new StringBuilder("# " + title + "\n\n");
        text.append(
                "%d calls in %.0f s, %d of them with an unknown outcome; %d tries without a good answer.%n%n"
                        .formatted(
                                history.size(),
                                (until - from) / 1e9,
                                unknown(),
                                history.misses().size()));
        text.append("![availability](availability.svg)\n\n## What was checked\n\n");
        text.append("| promise | looked at | wrong |\n|---|---|---|\n");
        for (Verdict.Check check : verdict.checks()) {
            text.append(
                    "| %s | %d | %d |%n"
                            .formatted(check.promise(), check.looked(), check.wrong().size()));
        }
        if (!verdict.isClean()) {
            text.append("\n## What is wrong\n\n");
            verdict.wrong().forEach(what -> text.append("- ").append(what).append('\n'));
        }
        text.append("\n## Faults by kind\n\n").append(kinds(strikes));
        text.append("\n## Faults\n\n");
        text.append(
                "| at | fault | where | lasted | whole after | worst partition | 5xx | broken | p99 | remark |\n");
        text.append("|---|---|---|---|---|---|---|---|---|---|\n");
        strikes.forEach(strike -> text.append(line(strike, history, from)).append('\n'));
        text.append("\n## Downtime after kill -9\n\n").append(downtime(strikes));
        misses(text);
        return text.toString();
    }

    /// How often each fault happened, and the worst that it did. One that did not happen is named
    /// too.
    static String kinds(Collection<Strike> strikes) {
        StringBuilder text = new StringBuilder();
        text.append(
                "| fault | times | longest until whole | worst partition |\n|---|---|---|---|\n");
        for (Fault fault : Fault.values()) {
            List<Strike> of = strikes.stream().filter(s -> s.fault() == fault).toList();
            long whole = of.stream().mapToLong(s -> s.whole() - s.from()).max().orElse(0);
            long worst = of.stream().mapToLong(Strike::worst).max().orElse(0);
            text.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %d | %.1f s | %.2f s |%n",
                            fault.label(),
                            of.size(),
                            whole / 1e9,
                            worst / 1e9));
        }
        return text.toString();
    }

    /// Time without a successful answer, over partitions and over kills.
    static String downtime(Collection<Strike> strikes) {
        List<Strike> kills = strikes.stream().filter(s -> s.fault() == Fault.KILL).toList();
        List<Long> all = kills.stream().flatMap(s -> s.downtimes().values().stream()).toList();
        List<Long> worst = kills.stream().map(Strike::worst).toList();
        return """
                Time without a successful answer, for each partition of the killed node:
                %s

                The slowest partition of each kill:
                %s

                ```
                %s
                ```
                """
                .formatted(Downtime.summary(all), Downtime.summary(worst), Downtime.histogram(all));
    }

    private long unknown() {
        return history.creations().stream().filter(Report::isUnknown).count()
                + history.orders().stream()
                        .flatMap(order -> history.of(order).stream())
                        .filter(Report::isUnknown)
                        .count();
    }

    private static boolean isUnknown(Call call) {
        return call.outcome() == Outcome.UNKNOWN;
    }

    private void misses(StringBuilder text) {
        text.append("\n## Tries without a good answer, the first of them\n\n```\n");
        history.misses().stream()
                .limit(SHOWN_MISSES)
                .forEach(
                        miss ->
                                text.append(
                                        "%8.3f s %s %d %s%n"
                                                .formatted(
                                                        (miss.at() - from) / 1e9,
                                                        ClusterUnderTest.name(miss.node()),
                                                        miss.status(),
                                                        miss.what())));
        text.append("```\n");
    }
}
