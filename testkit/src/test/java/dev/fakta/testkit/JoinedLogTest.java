// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import dev.fakta.log.EventLog;
import dev.fakta.log.JoinedLog;
import dev.fakta.log.MemoryLog;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Two logs that are joined keep the contract that one keeps.
class JoinedLogTest extends EventLogConformance {

    static final int EACH = PARTITIONS / 2;
    static final Set<String> FIRST = Set.of(KIND, SHORT_STREAM);
    static final Set<String> SECOND = Set.of(OTHER_KIND, OTHER_SHORT_STREAM);

    @Override
    protected EventLog create() {
        return JoinedLog.of(
                List.of(
                        new JoinedLog.Part("first", 0, MemoryLog.create(EACH), FIRST),
                        new JoinedLog.Part("second", EACH, MemoryLog.create(EACH), SECOND)));
    }

    @Override
    protected @Nullable EventLog reopen(EventLog closed) {
        return null;
    }

    /// Within the log of its microsystem, behind those before it.
    @Override
    protected int partitionFor(String stream, long hash) {
        return (FIRST.contains(stream) ? 0 : EACH) + (int) Long.remainderUnsigned(hash, EACH);
    }
}
