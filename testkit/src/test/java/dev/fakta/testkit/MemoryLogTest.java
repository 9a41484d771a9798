// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import org.jspecify.annotations.Nullable;

class MemoryLogTest extends EventLogConformance {

    @Override
    protected EventLog create() {
        return MemoryLog.create(PARTITIONS);
    }

    @Override
    protected @Nullable EventLog reopen(EventLog closed) {
        return null;
    }
}
