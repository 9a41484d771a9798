// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.pekko;

/// A request that is well formed and refused: 409.
final class CannotBeOrdered extends RuntimeException {

    private static final long serialVersionUID = 1;

    CannotBeOrdered(String reason) {
        super(reason);
    }
}
