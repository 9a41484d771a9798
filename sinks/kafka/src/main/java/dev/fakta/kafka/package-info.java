// SPDX-License-Identifier: Apache-2.0

/// Events to Kafka, each exactly once: [dev.fakta.kafka.KafkaSink].
@NullMarked
package dev.fakta.kafka;

import org.jspecify.annotations.NullMarked;
