// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.log.Positions;

/// A committed state of one aggregate.
///
/// @param revision of the last event in it; 0 when the aggregate has none
/// @param seen the position that holds this revision, for reading one's own writes from a view;
///   none when it is not known without a look into the log
/// @param time a hybrid logical time that none of its events is later than; what follows from it is
///   recorded with a later one
public record Versioned<S>(String id, S state, long revision, Positions seen, long time) {}
