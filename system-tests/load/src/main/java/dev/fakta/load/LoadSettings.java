// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import dev.fakta.orders.payments.sandbox.Misbehaviours;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What a run does. All problems are reported at once.
///
/// @param faults in percent, each kind for itself
/// @param data where all of it is written; must be empty
/// @param jvm the class path and more options for the server's JVM
record LoadSettings(
        int baskets, int clients, int faults, int kills, long seed, Path data, List<String> jvm) {

    private static final int MOST_BASKETS = 54_600;
    private static final int MOST_CLIENTS = 1_000;
    private static final int MOST_FAULTS = 25;

    LoadSettings {
        jvm = List.copyOf(jvm);
        List<String> problems = new ArrayList<>();
        within("--baskets", baskets, 1, MOST_BASKETS, problems);
        within("--clients", clients, 1, MOST_CLIENTS, problems);
        within("--provider-faults", faults, 0, MOST_FAULTS, problems);
        within("--kills", kills, 0, baskets, problems);
        if (!isEmpty(data)) {
            problems.add("--data: %s is not an empty folder".formatted(data));
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
    }

    private static void within(String name, int value, int least, int most, List<String> problems) {
        if (value < least || value > most) {
            problems.add("%s: %d to %d, not %d".formatted(name, least, most, value));
        }
    }

    private static boolean isEmpty(Path folder) {
        if (!Files.exists(folder)) {
            return true;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A request that fails does so in one of four ways.
    Misbehaviours misbehaviours() {
        double part = faults / 100.0;
        return new Misbehaviours(part, part / 4, part / 4, part / 4, part / 4, part, part, seed);
    }
}
