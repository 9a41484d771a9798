// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One page of a list.
///
/// @param next the cursor that `?after=` takes to get the next page; `null` on the last one
public record Page<T>(List<T> items, @Nullable String next) {

    public Page {
        items = List.copyOf(items);
    }

    /// Makes a page of what a query for one more than the limit has found.
    ///
    /// @param cursor where the page after an item begins
    public static <T> Page<T> of(List<T> found, int limit, Function<T, String> cursor) {
        if (found.size() <= limit) {
            return new Page<>(found, null);
        }
        List<T> items = found.subList(0, limit);
        return new Page<>(items, cursor.apply(items.getLast()));
    }
}
