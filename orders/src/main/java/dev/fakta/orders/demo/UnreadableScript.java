// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

/// The data set's SQL script is not what the reader expects; the message names the line.
final class UnreadableScript extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableScript(int line, String what) {
        super("steelwheels.script, line " + line + ": " + what);
    }
}
