// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.partition;

/// Who waits for an answer. Called once, by the partition's thread; does not block.
@FunctionalInterface
public interface ReplyTo<T> {
    void answer(T answer);
}
