// SPDX-License-Identifier: Apache-2.0

/// Runs microsystems: their aggregates in partitions, their processors, views and sagas.
///
/// [Node] is the way in: it starts a JVM's share of some [Microsystems] on an
/// [dev.fakta.log.EventLog]. A command goes to the partition that owns its aggregate; the answer is
/// a [Reply], and it comes when the events are durable.
///
/// This package is the API. What is behind it lies in packages of its own, which know each other in
/// this order only, and which no other module uses:
///
/// ```
/// core <- partition            events and states; aggregates in memory
/// core <- views <- sagas       what follows the log
/// all of them <- cluster       who hosts what, and how nodes ask each other (Pekko)
/// ```
@NullMarked
package dev.fakta.runtime;

import org.jspecify.annotations.NullMarked;
