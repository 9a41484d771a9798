// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What kinds of things wait for people. Outside, a kind is in lower case.
enum TaskKind {
    /// An order that is held.
    HOLD("/orders/"),
    /// Something about an order that does not fit.
    ATTENTION("/orders/"),
    /// An order that nothing and nobody goes on with.
    STALLED("/orders/"),
    /// A return to approve, to inspect or to close.
    RETURN("/returns/"),
    /// A capture, void or refund that has failed, or whose outcome nobody knows.
    PAYMENT("/payments/"),
    /// Money that a customer's bank wants back.
    DISPUTE("/payments/"),
    /// A saga that is stuck or parked.
    SAGA("/sagas/"),
    /// A webhook subscription that was given up.
    WEBHOOK("/webhook-subscriptions/");

    static final List<String> NAMES = Arrays.stream(values()).map(TaskKind::toString).toList();

    private final String path;

    TaskKind(String path) {
        this.path = path;
    }

    /// Where the subject with this id is found.
    String href(String subject) {
        return path + subject;
    }

    static TaskKind named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
