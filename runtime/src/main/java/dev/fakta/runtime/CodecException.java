// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import org.jspecify.annotations.Nullable;

/// Bytes that are not what their name says.
final class CodecException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CodecException(String message) {
        this(message, null);
    }

    CodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
