// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import org.jspecify.annotations.Nullable;

/// A request to send: what it is about, method, path, idempotency key and body.
///
/// @param body none of one that asks only
record Sending(String subject, String method, String path, String key, @Nullable Object body) {

    /// Asks for a resource.
    static Sending get(String subject, String path) {
        return new Sending(subject, "GET", path, "", null);
    }
}
