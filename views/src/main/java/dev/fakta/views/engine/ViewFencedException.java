// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.View;

/// Another runner has taken the view: this one has written its last row.
public final class ViewFencedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ViewFencedException(View view) {
        super(view + " is fenced: another runner has taken it");
    }
}
