// SPDX-License-Identifier: Apache-2.0

/// What partitions, views and sagas share, and no API: how events and states are written and read,
/// and the threads that a node cannot do without.
///
/// [EventCodec] writes and reads events and states as JSON, [AggregateReader] folds an aggregate
/// from the log, [ShapeCheck] refuses a program that would lose what is there, [RecentEvents] keeps
/// what was decoded lately, and [NodeParts] hands all of it around.
@NullMarked
package dev.fakta.runtime.core;

import org.jspecify.annotations.NullMarked;
