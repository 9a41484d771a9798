// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

/// A request to send: what it is about, method, path, idempotency key and body.
record Sending(String subject, String method, String path, String key, Object body) {}
