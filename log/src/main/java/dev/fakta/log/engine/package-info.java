// SPDX-License-Identifier: Apache-2.0

/// What the implementations of [dev.fakta.log.EventLog] have in common: the queue in front of the
/// log thread ([CommitQueue]), the writer that fills it ([PipelinedWriter]), and the signal that a
/// log has grown ([Growth]). Closed to users of the log: exported to `dev.fakta.postgres` only.
@NullMarked
package dev.fakta.log.engine;

import org.jspecify.annotations.NullMarked;
