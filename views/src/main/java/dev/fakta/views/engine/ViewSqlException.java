// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Objects;

/// The view's database refuses.
public final class ViewSqlException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;
    private final String state;
    private final boolean isTransient;

    public ViewSqlException(String what, SQLException failure) {
        SQLException cause = cause(failure);
        super(what + ": " + cause.getMessage() + advice(cause.getErrorCode()), cause);
        this.isTransient = cause instanceof SQLTransientException; // no connection in time
        this.code = cause.getErrorCode();
        this.state = Objects.requireNonNullElse(cause.getSQLState(), "");
    }

    /// What a failed batch says of itself has the values of the row in it.
    private static SQLException cause(SQLException failure) {
        SQLException next = failure.getNextException();
        return failure instanceof BatchUpdateException && next != null ? next : failure;
    }

    /// PostgreSQL leaves the code 0.
    private static String advice(int code) {
        return isDamage(code)
                ? "; the file is damaged: stop the node and delete it, then the view is filled again from the log"
                : "";
    }

    /// SQLite's primary result codes for a damaged file and for one that is no database.
    private static boolean isDamage(int code) {
        return (code & 0xFF) == 11 || (code & 0xFF) == 26;
    }

    /// Whether the disk, the network or the machine is at fault, not the statement: then waiting
    /// may help, and parking the event would not.
    public boolean isOperating() {
        return isTransient || isSqliteAtFault() || isPostgresAtFault();
    }

    /// SQLite's primary result codes.
    private boolean isSqliteAtFault() {
        return switch (code & 0xFF) {
            case 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26 -> true;
            default -> false;
        };
    }

    /// PostgreSQL has classes of SQL states: connection, authorization, rolled back, out of
    /// resources, locked, cancelled or shut down, system, internal; and it leaves the error code 0.
    private boolean isPostgresAtFault() {
        return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
            case "08", "28", "3D", "40", "53", "55", "57", "58", "F0", "XX" -> true;
            case "25" -> !state.equals("25P02"); // a transaction that failed before says nothing
            default -> state.equals("42501"); // no privilege: an operator's matter
        };
    }
}
