// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import org.jspecify.annotations.Nullable;

/// Bytes that are not what their name says.
public final class CodecException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CodecException(String message) {
        this(message, null);
    }

    public CodecException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
