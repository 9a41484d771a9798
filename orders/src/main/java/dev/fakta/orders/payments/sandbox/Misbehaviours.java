// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How badly the sandbox behaves: the probability of each fault, from 0 to 1, and the seed of its
/// dice. All problems are reported at once.
///
/// @param decline of an authorization that would have been granted
/// @param timeoutAfter that a request is carried out, and not answered
/// @param timeoutBefore that it is neither
/// @param errorAfter that it is carried out, and answered with 500
/// @param errorBefore that it is not, and answered with 500
/// @param duplicateWebhook that a webhook that was taken is sent once more
/// @param lateWebhook that a webhook is held back for a while, so that later ones overtake it
public record Misbehaviours(
        double decline,
        double timeoutAfter,
        double timeoutBefore,
        double errorAfter,
        double errorBefore,
        double duplicateWebhook,
        double lateWebhook,
        long seed) {

    public static final Misbehaviours NONE = new Misbehaviours(0, 0, 0, 0, 0, 0, 0, 1);

    public Misbehaviours {
        List<String> problems = new ArrayList<>();
        check("decline", decline, problems);
        check("timeout-after", timeoutAfter, problems);
        check("timeout-before", timeoutBefore, problems);
        check("error-after", errorAfter, problems);
        check("error-before", errorBefore, problems);
        check("duplicate-webhook", duplicateWebhook, problems);
        check("late-webhook", lateWebhook, problems);
        if (timeoutAfter + timeoutBefore + errorAfter + errorBefore > 1) {
            problems.add("time-outs and errors together: at most 1");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("misbehaviours: " + String.join("; ", problems));
        }
    }

    private static void check(String name, double probability, List<String> problems) {
        if (!(probability >= 0 && probability <= 1)) {
            problems.add(name + ": 0 to 1, not " + probability);
        }
    }

    /// As on a command line: `decline=0.1,timeout-after=0.05`.
    public static Misbehaviours parse(String text, long seed) {
        Map<String, Double> given = new TreeMap<>();
        for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
            int equals = part.indexOf('=');
            try {
                String name = part.substring(0, Math.max(equals, 0)).strip();
                given.put(name, Double.parseDouble(part.substring(equals + 1)));
            } catch (NumberFormatException _) {
                throw new IllegalArgumentException(
                        "misbehaviours: NAME=PROBABILITY, not '%s'".formatted(part));
            }
        }
        Misbehaviours all =
                new Misbehaviours(
                        taken(given, "decline"),
                        taken(given, "timeout-after"),
                        taken(given, "timeout-before"),
                        taken(given, "error-after"),
                        taken(given, "error-before"),
                        taken(given, "duplicate-webhook"),
                        taken(given, "late-webhook"),
                        seed);
        if (!given.isEmpty()) {
            throw new IllegalArgumentException("misbehaviours: there is none of " + given.keySet());
        }
        return all;
    }

    private static double taken(Map<String, Double> given, String name) {
        Double probability = given.remove(name);
        return probability == null ? 0 : probability;
    }
}
