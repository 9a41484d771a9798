// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.Versioned;

/// What clients see of an aggregate: something that is written as JSON.
@FunctionalInterface
public interface Representation<S> {
    Object of(Versioned<S> aggregate);
}
