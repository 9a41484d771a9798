// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.Versioned;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Whose the aggregates are that customers may ask for. An aggregate of which nothing is said here
/// is nobody's.
final class Owners {

    private final Map<String, Owner<?>> all = new HashMap<>();
    private final Set<Aggregate<?, ?, ?>> wholes = new HashSet<>();

    /// Finds a customer's id.
    @FunctionalInterface
    private interface Owner<S> {
        @Nullable String of(Versioned<S> found, Node node);
    }

    /// @param customer of an aggregate, whether it exists or not
    <S> void put(Aggregate<?, ?, S> aggregate, Function<Versioned<S>, @Nullable String> customer) {
        put(aggregate, (found, _) -> customer.apply(found));
    }

    private <S> void put(Aggregate<?, ?, S> aggregate, Owner<S> owner) {
        all.put(aggregate.name(), owner);
    }

    /// @param wholeId which of the others a part belongs to
    <S> void putPart(
            Aggregate<?, ?, S> part,
            Function<S, @Nullable String> wholeId,
            Aggregate<?, ?, ?> whole) {
        wholes.add(whole);
        put(
                part,
                (found, node) -> {
                    String id = wholeId.apply(found.state());
                    return id == null ? null : customer(whole, id, node);
                });
    }

    boolean knows(Aggregate<?, ?, ?> aggregate) {
        return all.containsKey(aggregate.name());
    }

    /// The aggregates that others are parts of.
    Set<Aggregate<?, ?, ?>> wholes() {
        return Set.copyOf(wholes);
    }

    /// Whose an aggregate is; `null` when it is nobody's.
    @SuppressWarnings("unchecked")
    <S> @Nullable String customer(Aggregate<?, ?, S> aggregate, String id, Node node) {
        Owner<?> owner = all.get(aggregate.name());
        return owner == null ? null : ((Owner<S>) owner).of(node.state(aggregate, id), node);
    }
}
