// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.util.ArrayList;
import java.util.List;

/// Where a program's own code fails, in words that can be recorded: the frames down to the kit's
/// machine, and those of the causes. Bounded.
final class Trace {

    private static final int MOST_FRAMES = 30;
    private static final int MOST_CAUSES = 4;
    private static final String MACHINE = SagaMachine.class.getName();

    private Trace() {}

    static String of(Throwable failure) {
        List<String> lines = new ArrayList<>();
        Throwable one = failure;
        for (int i = 0; one != null && i <= MOST_CAUSES; i++) {
            if (i > 0) {
                lines.add("caused by " + one);
            }
            frames(one, lines);
            one = one.getCause();
        }
        return String.join("\n", lines);
    }

    private static void frames(Throwable failure, List<String> lines) {
        int frames = 0;
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (frame.getClassName().startsWith(MACHINE) || frames++ == MOST_FRAMES) {
                return;
            }
            lines.add("at " + frame);
        }
    }
}
