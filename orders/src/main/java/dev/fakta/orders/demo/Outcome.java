// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import tools.jackson.databind.JsonNode;

/// How one request ended, after all its retries.
sealed interface Outcome {

    /// What the request was about, for people: `order 10100`.
    String subject();

    /// A 2xx answer and its body; the missing node when it had none.
    record Accepted(String subject, JsonNode body) implements Outcome {}

    /// No 2xx answer: the problem's detail, or what went wrong on the way.
    record Failed(String subject, String reason) implements Outcome {

        @Override
        public String toString() {
            return subject + ": " + reason;
        }
    }
}
