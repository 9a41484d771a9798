// SPDX-License-Identifier: Apache-2.0

/// The kit's API: what an application is made of, in pure Java.
///
/// Read in this order: [Aggregate] (one consistency boundary: two pure functions), [Decision] and
/// [Rejection] (what `decide` answers), [View] (a read model fed by the log), [Processor]
/// (stateless behaviour in front of aggregates), [Saga] with its [Step]s (a process over several
/// aggregates) and [Microsystem] (all of it under one name).
///
/// Nothing here starts a thread, reads a clock or does I/O; every type is immutable unless it says
/// otherwise. A definition is checked as it is made: a fault in it is an `IllegalArgumentException`
/// that names the definition, at start and not at the first event.
@NullMarked
package dev.fakta.domain;

import org.jspecify.annotations.NullMarked;
