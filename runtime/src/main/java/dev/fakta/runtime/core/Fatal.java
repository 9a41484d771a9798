// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

/// Tells failures of the code that was called from those of the JVM.
///
/// What an aggregate or a handler throws is its own affair, whatever its type: a failed assertion,
/// a class that is missing, a recursion without end. It fails what it was called for, and the
/// caller goes on. When the JVM itself cannot go on (no memory, an internal error), nobody can.
public final class Fatal {

    private Fatal() {}

    /// Throws the failure on when it is one of the JVM; returns when the caller can go on.
    public static void rethrow(Throwable failure) {
        if (failure instanceof VirtualMachineError error
                && !(failure instanceof StackOverflowError)) {
            throw error;
        }
    }
}
