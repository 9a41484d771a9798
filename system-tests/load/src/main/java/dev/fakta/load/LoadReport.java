// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What came of a run.
///
/// @param answers to the orders that were sent: how many of each status
/// @param ends what became of the orders that were placed
/// @param placing how long it took to place them, the kills included
/// @param settling how long it took after that until nothing moved any more
/// @param moving the sagas that had not come to rest in time
/// @param wrong what does not hold
/// @param unproven the promises of which nothing was seen
record LoadReport(
        Map<Integer, Integer> answers,
        Map<String, Integer> ends,
        int kills,
        Duration placing,
        Duration settling,
        List<String> moving,
        List<String> wrong,
        List<String> unproven) {

    private static final int MOST_LINES = 50;

    boolean isClean() {
        return moving.isEmpty() && wrong.isEmpty() && unproven.isEmpty();
    }

    void print(PrintStream out) {
        int sent = answers.values().stream().mapToInt(Integer::intValue).sum();
        out.printf(
                "%,d orders sent in %d s (%,.0f a second) through %d kills; at rest %d s later%n",
                sent,
                placing.toSeconds(),
                sent / Math.max(0.001, placing.toMillis() / 1_000.0),
                kills,
                settling.toSeconds());
        answers.forEach((status, count) -> out.printf("  answered %d: %,d%n", status, count));
        ends.forEach((end, count) -> out.printf("  %s: %,d%n", end, count));
        list("still moving", moving, out);
        list("WRONG", wrong, out);
        list("nothing was seen of", unproven, out);
        if (isClean()) {
            out.println("every promise held");
        }
    }

    private static void list(String what, List<String> lines, PrintStream out) {
        lines.stream().limit(MOST_LINES).forEach(line -> out.println(what + ": " + line));
        if (lines.size() > MOST_LINES) {
            out.printf("%s: %,d more%n", what, lines.size() - MOST_LINES);
        }
    }
}
