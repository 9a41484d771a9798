// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.nio.file.Path;

/// The place behind a [LogException] of category `CORRUPT`, for those who report it.
final class Damage extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient VerifyReport.Fault fault;

    Damage(Path file, long at, String what) {
        super("%s, in %s at byte %d".formatted(what, file, at));
        this.fault = new VerifyReport.Fault(file, at, what);
    }

    VerifyReport.Fault fault() {
        return fault;
    }
}
