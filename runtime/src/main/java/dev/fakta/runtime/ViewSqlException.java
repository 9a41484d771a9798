// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import java.sql.SQLException;

/// The view's database refuses.
final class ViewSqlException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;

    ViewSqlException(String what, SQLException cause) {
        super(what + ": " + cause.getMessage(), cause);
        this.code = cause.getErrorCode();
    }

    /// Whether the disk or the machine is at fault, not the statement: then waiting may help, and
    /// parking the event would not. (SQLite's primary result codes.)
    boolean isOperating() {
        return switch (code & 0xFF) {
            case 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26 -> true;
            default -> false;
        };
    }
}
