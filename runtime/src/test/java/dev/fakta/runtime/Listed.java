// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/// What a node lists of its sagas, couriers and clocks. A runner makes its index a moment after the
/// node was started, and until then the node says that it has none: that moment is waited for.
final class Listed {

    private static final Duration SOON = Duration.ofSeconds(90);

    private Listed() {}

    static List<SagaRow> of(Callable<List<SagaRow>> listing) {
        return await().pollDelay(Duration.ZERO)
                .atMost(SOON)
                .ignoreExceptionsInstanceOf(NodeException.class)
                .until(listing, Objects::nonNull);
    }
}
