// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import dev.fakta.log.EventLog;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.SegmentLogSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/// The same over files.
class JoinedSegmentLogTest extends JoinedLogTest {

    private static final SegmentLogSettings SETTINGS =
            SegmentLogSettings.defaults().withPartitions(EACH);

    @TempDir Path directory;

    @Override
    protected EventLog create() {
        Map<String, Set<String>> aggregates = new LinkedHashMap<>();
        aggregates.put("first", FIRST);
        aggregates.put("second", SECOND);
        return LogDirectory.open(directory, aggregates, SETTINGS);
    }

    @Override
    protected @Nullable EventLog reopen(EventLog closed) {
        return create();
    }
}
