// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

/// A data set's SQL script is not what the reader expects; the message names the line.
public final class UnreadableScript extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableScript(int line, String what) {
        super("SQL script, line " + line + ": " + what);
    }
}
