// SPDX-License-Identifier: Apache-2.0
package dev.fakta.prometheus;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a metric is, without what it says.
record Metric(String type, Set<String> labels) {

    private static final Pattern TYPE = Pattern.compile("# TYPE (fakta_\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("(fakta_\\w+?)\\{(.*)} \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    private static final Pattern ROW =
            Pattern.compile("\\| `(fakta_\\w+)` \\| (\\w+) \\| ([\\w, ]*)\\| (.{10,}) \\|");

    /// Those of a node, by name.
    static Map<String, Metric> exposed(String scrape) {
        Map<String, Metric> metrics = new TreeMap<>();
        TYPE.matcher(scrape)
                .results()
                .forEach(
                        found ->
                                metrics.put(
                                        found.group(1),
                                        new Metric(found.group(2), new TreeSet<>())));
        scrape.lines()
                .map(SAMPLE::matcher)
                .filter(Matcher::matches)
                .forEach(
                        sample ->
                                LABEL.matcher(sample.group(2))
                                        .results()
                                        .map(label -> label.group(1))
                                        .filter(label -> !label.equals("le"))
                                        .forEach(of(metrics, sample.group(1)).labels::add));
        return metrics;
    }

    private static Metric of(Map<String, Metric> metrics, String sample) {
        Metric metric = metrics.get(sample);
        return metric == null
                ? requireNonNull(
                        metrics.get(sample.replaceFirst("_(count|sum|bucket)$", "")), sample)
                : metric;
    }

    /// Those in the table of the page about metrics, by name.
    static Map<String, Metric> onThePage(String page) {
        Map<String, Metric> metrics = new TreeMap<>();
        ROW.matcher(page)
                .results()
                .forEach(
                        row ->
                                metrics.put(
                                        row.group(1),
                                        new Metric(row.group(2), labels(row.group(3)))));
        return metrics;
    }

    private static Set<String> labels(String cell) {
        Set<String> labels = new TreeSet<>();
        Stream.of(cell.split(",")).map(String::strip).forEach(labels::add);
        labels.remove("");
        return labels;
    }
}
