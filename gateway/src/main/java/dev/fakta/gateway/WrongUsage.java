// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Answers a wrong command line in two lines, the fault and where to read on: the whole usage would
/// scroll the fault away.
final class WrongUsage {

    private WrongUsage() {}

    /// As picocli's handler of such failures.
    ///
    /// @return the exit status
    static int report(ParameterException failure, String[] arguments) {
        CommandLine line = failure.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("fakta: " + firstLine(failure) + suggestion(failure));
        err.println("see " + line.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return line.getCommandSpec().exitCodeOnInvalidInput();
    }

    /// The lines after it repeat the usage of a group of options.
    private static String firstLine(ParameterException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("wrong usage");
    }

    private static String suggestion(ParameterException failure) {
        if (!(failure instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return "";
        }
        String given = unmatched.getUnmatched().getFirst().replaceFirst("=.*", "");
        CommandLine line = unmatched.getCommandLine();
        List<String> known = new ArrayList<>(line.getCommandSpec().optionsMap().keySet());
        known.addAll(line.getSubcommands().keySet());
        return nearest(given, known).map(near -> "; did you mean " + near + "?").orElse("");
    }

    /// The known word that takes the fewest changes of a letter to get to, if it takes but a few.
    private static Optional<String> nearest(String given, List<String> known) {
        return known.stream()
                .filter(word -> distance(given, word) <= Math.max(1, word.length() / 3))
                .min(Comparator.comparingInt(word -> distance(given, word)));
    }

    /// How many letters must be changed, added or left out (Levenshtein).
    private static int distance(String from, String to) {
        int[] last = new int[to.length() + 1];
        for (int k = 0; k <= to.length(); k++) {
            last[k] = k;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] now = new int[to.length() + 1];
            now[0] = i;
            for (int k = 1; k <= to.length(); k++) {
                int changed = last[k - 1] + (from.charAt(i - 1) == to.charAt(k - 1) ? 0 : 1);
                now[k] = Math.min(changed, 1 + Math.min(last[k], now[k - 1]));
            }
            last = now;
        }
        return last[to.length()];
    }

    /// Reads a duration of the command line.
    static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException(
                    "'%s' is not %s".formatted(text, ExpectedValue.of(Duration.class)));
        }
    }
}
