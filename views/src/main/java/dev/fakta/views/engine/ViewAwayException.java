// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

/// This node cannot read the view now, as the view runs elsewhere; later it may.
public final class ViewAwayException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ViewAwayException(String message) {
        super(message);
    }
}
