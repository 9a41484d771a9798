// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import java.io.PrintStream;

/// Shows how far one stage of the load is: on a terminal one line that overwrites itself, elsewhere
/// a line for every hundred and one at the end. Any thread may call it.
final class Progress {

    private static final int STEP = 100;

    /// Where progress is shown.
    enum Display {
        TERMINAL,
        LINES
    }

    private final PrintStream out;
    private final Display display;
    private final String stage;
    private final int total;
    private int done;

    Progress(PrintStream out, Display display, String stage, int total) {
        this.out = out;
        this.display = display;
        this.stage = stage;
        this.total = total;
    }

    synchronized void step() {
        done++;
        String text = stage + " " + done + " of " + total;
        switch (display) {
            case TERMINAL -> {
                out.print("\r" + text + (done == total ? System.lineSeparator() : ""));
                out.flush();
            }
            case LINES -> {
                if (done % STEP == 0 || done == total) {
                    out.println(text);
                }
            }
        }
    }
}
