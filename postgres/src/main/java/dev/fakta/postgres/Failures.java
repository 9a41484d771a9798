// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// What a failure of the database means: by SQLSTATE, see PostgreSQL's appendix "Error codes".
final class Failures {

    static final String CANNOT_CONNECT = "08001";
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String DISK_FULL = "53100";
    private static final String QUERY_CANCELED = "57014";
    private static final String READ_ONLY = "25006";

    private Failures() {}

    static LogException of(String what, SQLException e) {
        return new LogException(category(e), what + ": " + e.getMessage(), e);
    }

    static Category category(SQLException e) {
        String state = state(e);
        if (state.equals(DISK_FULL)) {
            return Category.FULL;
        }
        if (isTimeout(e)) {
            return Category.TIMEOUT;
        }
        return state.startsWith("XX0") && !state.equals("XX000")
                ? Category.CORRUPT
                : Category.UNAVAILABLE;
    }

    /// Whether the server gave up, or the socket did.
    static boolean isTimeout(SQLException e) {
        return state(e).equals(QUERY_CANCELED) || isCausedBy(e, SocketTimeoutException.class);
    }

    static boolean isViolation(SQLException e) {
        return state(e).equals(UNIQUE_VIOLATION);
    }

    /// Whether the rows themselves are refused, so that others may still be taken: data, integrity,
    /// a deadlock with another writer's rows, a limit of the program.
    static boolean isAboutRows(SQLException e) {
        String state = state(e);
        return state.startsWith("22")
                || state.startsWith("23")
                || state.startsWith("40")
                || state.startsWith("54");
    }

    /// Whether the connection is of no use any more, so that nobody knows what became of a
    /// statement on its way: lost, ended by the server, or leading to a server that cannot write.
    static boolean isLostConnection(SQLException e) {
        String state = state(e);
        return state.isEmpty()
                || state.startsWith("08")
                || state.startsWith("57P")
                || state.equals(READ_ONLY)
                || isCausedBy(e, java.io.IOException.class);
    }

    private static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "" : state;
    }

    private static boolean isCausedBy(SQLException e, Class<? extends Throwable> type) {
        for (@Nullable Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
