// SPDX-License-Identifier: Apache-2.0

/// Runs a microsystem: its aggregates in partitions, its processors and its views.
///
/// [Node] is the way in: it starts a JVM's share of a [dev.fakta.domain.Microsystem] on an
/// [dev.fakta.log.EventLog]. A command goes to the [Partition] that owns its aggregate; the answer
/// is a [Reply], and it comes when the events are durable.
///
/// Pekko Cluster carries all of it and appears in no public signature.
@NullMarked
package dev.fakta.runtime;

import org.jspecify.annotations.NullMarked;
