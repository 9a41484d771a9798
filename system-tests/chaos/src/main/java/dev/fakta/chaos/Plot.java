// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import dev.fakta.chaos.History.Call;
import dev.fakta.chaos.History.Outcome;
import java.util.List;
import java.util.Locale;

/// Draws successful answers per 100 ms over time, with the faults behind them, as SVG.
final class Plot {

    private static final long BUCKET = 100_000_000;
    private static final int WIDTH = 1400;
    private static final int HEIGHT = 320;
    private static final int LEFT = 50;
    private static final int TOP = 30;
    private static final int LABEL_STEP = 12;
    private static final int LABEL_ROWS = 5;
    private static final int TICKS = 12;

    private final int[] counts;
    private final int most;
    private final double perBucket;

    private Plot(int[] counts) {
        this.counts = counts;
        int highest = 1;
        for (int count : counts) {
            highest = Math.max(highest, count);
        }
        this.most = highest;
        this.perBucket = (double) WIDTH / counts.length;
    }

    static String of(History history, List<Strike> strikes, long from, long until) {
        int[] counts = new int[(int) Math.max(1, (until - from) / BUCKET)];
        for (String order : history.orders()) {
            for (Call call : history.of(order)) {
                long bucket = (call.end() - from) / BUCKET;
                if (call.outcome() != Outcome.UNKNOWN && bucket >= 0 && bucket < counts.length) {
                    counts[(int) bucket]++;
                }
            }
        }
        return new Plot(counts).svg(strikes, from);
    }

    private String svg(List<Strike> strikes, long from) {
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">%n"
                        .formatted(WIDTH + LEFT + 10, HEIGHT + TOP + 95));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        svg.append(
                "<text x=\"%d\" y=\"18\" font-size=\"14\">Successful answers per 100 ms; shaded from fault to full strength</text>%n"
                        .formatted(LEFT));
        for (int i = 0; i < strikes.size(); i++) {
            svg.append(band(strikes.get(i), from, i));
        }
        svg.append("<polyline fill=\"none\" stroke=\"#1f77b4\" stroke-width=\"1\" points=\"");
        for (int i = 0; i < counts.length; i++) {
            svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(i), TOP + HEIGHT - y(counts[i])));
        }
        svg.append("\"/>\n");
        axes(svg);
        return svg.append("</svg>\n").toString();
    }

    private double x(double bucket) {
        return LEFT + bucket * perBucket;
    }

    private double y(int count) {
        return (double) HEIGHT * count / most;
    }

    private String band(Strike strike, long from, int number) {
        double start = x((double) (strike.from() - from) / BUCKET);
        double lifted = x((double) (strike.lifted() - from) / BUCKET);
        double whole = x((double) (strike.whole() - from) / BUCKET);
        String colour = strike.fault().colour();
        return rect(start, lifted, colour, 0.35)
                + rect(lifted, whole, colour, 0.12)
                + String.format(
                        Locale.ROOT,
                        "<text x=\"%.1f\" y=\"%d\" fill=\"%s\">%s</text>%n",
                        start,
                        TOP + HEIGHT + 30 + number % LABEL_ROWS * LABEL_STEP,
                        colour,
                        strike.fault().label());
    }

    private static String rect(double from, double until, String colour, double opacity) {
        return String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" opacity=\"%.2f\"/>%n",
                from,
                TOP,
                Math.max(1, until - from),
                HEIGHT,
                colour,
                opacity);
    }

    private void axes(StringBuilder svg) {
        svg.append("<text x=\"5\" y=\"%d\">%d</text>%n".formatted(TOP + 10, most));
        svg.append("<text x=\"5\" y=\"%d\">0</text>%n".formatted(TOP + HEIGHT));
        for (int tick = 0; tick <= TICKS; tick++) {
            double bucket = (double) counts.length * tick / TICKS;
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<text x=\"%.1f\" y=\"%d\">%.0f s</text>%n",
                            x(bucket) - 10,
                            TOP + HEIGHT + 15,
                            bucket * BUCKET / 1e9));
        }
    }
}
