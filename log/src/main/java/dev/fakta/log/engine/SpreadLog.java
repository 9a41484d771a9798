// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log.engine;

import dev.fakta.log.EventLog;
import java.util.List;

/// A log that is itself in several places, so that a join of logs reads from these places directly
/// and not through a reader over readers.
public interface SpreadLog extends EventLog {

    /// The places, in the order of their partitions.
    List<LogSource> sources();
}
