// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

/// The declared type of a state. Of a state that is one record it is that record; of one that is a
/// sealed type's, the topmost sealed type, so that its JSON says which of the records it is.
public final class StateType {

    private StateType() {}

    public static Class<?> of(Object state) {
        return of(state.getClass());
    }

    static Class<?> of(Class<?> type) {
        for (Class<?> parent : type.getInterfaces()) {
            if (PlainTypes.isSealed(parent)) {
                return of(parent);
            }
        }
        return type;
    }
}
