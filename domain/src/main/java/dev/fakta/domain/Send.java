// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

/// A command that a saga wants an aggregate to carry out. The aggregate is named by its definition,
/// whoever hosts it: where it lives is the runtime's affair.
///
/// @param id the aggregate's id
public record Send<C>(Aggregate<C, ?, ?> aggregate, String id, C command) {

    /// A command to the aggregate with this id.
    public static <C, T extends C> Send<C> to(Aggregate<C, ?, ?> aggregate, String id, T command) {
        return new Send<>(aggregate, id, command);
    }
}
