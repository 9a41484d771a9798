// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.Versioned;
import java.io.Serializable;

/// What clients see of an aggregate: something that is written as JSON. A method reference, so that
/// `/openapi.json` can say what it is.
@FunctionalInterface
public interface Representation<S> extends Serializable {
    Object of(Versioned<S> aggregate);
}
