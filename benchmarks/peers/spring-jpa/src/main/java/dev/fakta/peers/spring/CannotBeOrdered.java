// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.spring;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/// A request that is well formed and refused: 409.
final class CannotBeOrdered extends ErrorResponseException {

    private static final long serialVersionUID = 1;

    CannotBeOrdered(String reason) {
        super(
                HttpStatus.CONFLICT,
                ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, reason),
                null);
    }
}
