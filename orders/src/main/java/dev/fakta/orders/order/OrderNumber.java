// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.util.Locale;

/// An order's id as people read it out: `01jyz3k8qhn4t6v9x2ab` is `01JYZ-3K8QH-N4T6V-9X2AB`.
public final class OrderNumber {

    private static final int GROUP = 5;

    private OrderNumber() {}

    /// The number of the order with this id.
    public static String of(String id) {
        StringBuilder number = new StringBuilder(id.length() + id.length() / GROUP);
        for (int index = 0; index < id.length(); index++) {
            if (index > 0 && index % GROUP == 0) {
                number.append('-');
            }
            number.append(id.charAt(index));
        }
        return number.toString().toUpperCase(Locale.ROOT);
    }

    /// The id, or its beginning, that somebody typed as a number or a part of one.
    public static String toId(String typed) {
        return typed.strip().replace("-", "").toLowerCase(Locale.ROOT);
    }
}
