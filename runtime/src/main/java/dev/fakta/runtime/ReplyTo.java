// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

/// Who waits for an answer. Called once, by the partition's thread; does not block.
@FunctionalInterface
interface ReplyTo<T> {
    void answer(T answer);
}
