// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.log.EventLog;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// Commands sent inside one JVM, each answered when it is durable: over many streams, and all to
/// one. A thousand are underway at any time.
final class CommandsBenchmark implements Benchmark {

    @Override
    public String name() {
        return "commands";
    }

    @Override
    public String description() {
        return "in-process durable commands, %,d underway, over %d streams and on one"
                .formatted(CommandLoad.UNDERWAY, CommandLoad.MANY);
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        try (TemporaryDirectory data = TemporaryDirectory.create();
                EventLog log =
                        SegmentLog.open(data.path().resolve("log"), SegmentLogSettings.defaults());
                Node node =
                        Node.start(
                                NodeSettings.embedded(data.path().resolve("views")),
                                Counter.MICROSYSTEM,
                                log,
                                InstantSource.system())) {
            return CommandLoad.measure("", node, time);
        }
    }
}
