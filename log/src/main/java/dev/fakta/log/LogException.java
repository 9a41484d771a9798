// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import org.jspecify.annotations.Nullable;

/// An operating failure of the log.
public final class LogException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Category category;

    public LogException(Category category, String message) {
        this(category, message, null);
    }

    public LogException(Category category, String message, @Nullable Throwable cause) {
        super(category + ": " + message, cause);
        this.category = category;
    }

    public Category category() {
        return category;
    }

    /// What a caller can do about it.
    public enum Category {
        /// The partition was claimed again: this writer can append nothing more.
        FENCED,
        /// A revision is not the one that follows in its stream.
        CONFLICT,
        /// The disk is full. Nothing was written; try again when there is room.
        FULL,
        /// The stored bytes are not what was written. An operator must look.
        CORRUPT,
        /// The disk or the database fails. Whether the append took place is known after the next
        /// claim.
        UNAVAILABLE,
        /// The database did not answer in time. Whether the append took place is known after the
        /// next claim.
        TIMEOUT,
        /// The log, the reader or the writer is closed.
        CLOSED
    }
}
