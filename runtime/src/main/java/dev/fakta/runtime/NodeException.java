// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

/// The node cannot answer now; later it may.
public final class NodeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NodeException(String message) {
        super(message);
    }
}
