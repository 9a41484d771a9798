// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.log.Positions;

/// A committed state of one aggregate.
///
/// @param revision of the last event in it; 0 when the aggregate has none
/// @param seen the position that holds this revision, for reading one's own writes from a view;
///   none when it is not known without a look into the log
public record Versioned<S>(String id, S state, long revision, Positions seen) {}
