// SPDX-License-Identifier: Apache-2.0

/// A real Kafka broker for tests: [dev.fakta.kafka.broker.LocalBroker].
@NullMarked
package dev.fakta.kafka.broker;

import org.jspecify.annotations.NullMarked;
