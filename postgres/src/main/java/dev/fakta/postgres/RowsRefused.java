// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import java.sql.SQLException;

/// The database took none of the rows because of what at least one of them holds; the others may be
/// tried without it.
final class RowsRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient SQLException reason;

    RowsRefused(SQLException reason) {
        super(reason);
        this.reason = reason;
    }

    SQLException reason() {
        return reason;
    }
}
