// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

/// A business refusal: a value, not an exception. An enum constant is the usual form; a record does
/// when the refusal has something to tell.
///
/// [#name()] is stable: clients tell refusals apart by it (`ALREADY_ISSUED` becomes the problem
/// type `/problems/already-issued`).
public interface Rejection {

    /// The stable name, in capitals with underscores.
    String name();

    /// One sentence for people, without a stack trace or anything secret; by default the name in
    /// words.
    default String detail() {
        String words = name().replace('_', ' ').toLowerCase(java.util.Locale.ROOT);
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }
}
