// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How a route keeps a customer to what is its own.
sealed interface Bounds {

    /// What a route has that says nothing: the aggregate has to be the customer's; see [Owners].
    Bounds OWNED = new Owned();

    /// By whose the route's aggregate is.
    record Owned() implements Bounds {}

    /// Not at all: what the route is about is the same for every customer.
    record Shared() implements Bounds {}

    /// By what the request says: it names the customer.
    ///
    /// @param field of the request, for the answer to who names somebody else
    /// @param customer whom a request of this type names
    record Named(String field, Class<?> request, Function<Object, @Nullable String> customer)
            implements Bounds {}

    /// By whose this aggregate is, which the path's first parameter names.
    record Within(Aggregate<?, ?, ?> aggregate) implements Bounds {}
}
