// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import dev.fakta.log.EventLog;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SegmentLogTest extends EventLogConformance {

    private static final SegmentLogSettings SETTINGS =
            SegmentLogSettings.defaults().withPartitions(PARTITIONS);

    @TempDir Path directory;

    @Override
    protected EventLog create() {
        return SegmentLog.open(directory, SETTINGS);
    }

    @Override
    protected EventLog reopen(EventLog closed) {
        return SegmentLog.open(directory, SETTINGS);
    }
}
