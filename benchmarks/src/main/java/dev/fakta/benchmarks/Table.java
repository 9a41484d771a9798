// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Collects the figures of a run and shows them: in aligned columns for people, as JSON for
/// programs. For one thread.
public final class Table {

    /// The figures of one benchmark.
    public record Result(String benchmark, List<Figure> figures) {
        public Result {
            figures = List.copyOf(figures);
        }
    }

    private record Document(String java, String os, int processors, List<Result> results) {}

    private static final List<String> HEADINGS =
            List.of("benchmark", "figure", "value", "unit", "of baseline");

    private final List<Result> results = new ArrayList<>();

    public void add(String benchmark, List<Figure> figures) {
        results.add(new Result(benchmark, figures));
    }

    public boolean isEmpty() {
        return results.isEmpty();
    }

    /// Prints one row per figure. Numbers stand right-aligned.
    public void print(PrintStream out) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        for (Result result : results) {
            result.figures().forEach(figure -> rows.add(row(result.benchmark(), figure)));
        }
        int[] widths = new int[HEADINGS.size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        String format =
                "%%-%ds  %%-%ds  %%%ds  %%-%ds  %%%ds%%n"
                        .formatted(widths[0], widths[1], widths[2], widths[3], widths[4]);
        rows.forEach(row -> out.printf(Locale.ROOT, format, row.toArray()));
    }

    /// Writes the figures, with the machine's Java, system and number of processors.
    public void writeJson(Path file) throws IOException {
        Document document =
                new Document(
                        Runtime.version().toString(),
                        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                        Runtime.getRuntime().availableProcessors(),
                        List.copyOf(results));
        JsonMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.writeString(file, json.writeValueAsString(document) + "\n");
    }

    private static List<String> row(String benchmark, Figure figure) {
        return List.of(
                benchmark,
                figure.name(),
                number(figure.value()),
                figure.unit(),
                ratio(figure.baselineRatio()));
    }

    /// Three significant digits or the whole number, whichever is more.
    private static String number(double value) {
        double size = Math.abs(value);
        int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    private static String ratio(@Nullable Double ratio) {
        return ratio == null ? "" : number(ratio) + " x";
    }
}
