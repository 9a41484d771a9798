// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.SagaState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An instance of a saga that has not ended, as it is listed: a moment ago, at most.
///
/// @param due when it moves by itself; `null` when it waits for a fact, or for an operator
/// @param since when something happened in it last
/// @param reason of what is wrong; empty when nothing is
public record SagaRow(
        String saga,
        String id,
        SagaState.Status status,
        @Nullable Instant due,
        Instant since,
        String reason) {}
