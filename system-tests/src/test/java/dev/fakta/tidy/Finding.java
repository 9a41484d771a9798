// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

/// One fault: which rule, where, and what to do instead.
record Finding(String rule, String path, int line, String message) {

    @Override
    public String toString() {
        return "%s:%d: [%s] %s".formatted(path, line, rule, message);
    }
}
