// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.views.ViewPlace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A node's settings. All problems are reported at once.
///
/// @param name the node's name, unique in its cluster
/// @param cluster how it finds the others, and what it hosts
/// @param views where the views are
/// @param aggregatesInMemory how many aggregates of each microsystem the node keeps in memory, over
///   all its partitions
/// @param commandsWaiting how many commands one partition lets wait before it answers `Busy`
/// @param snapshotEvery a stream gets a snapshot each time so many events have been added; one with
///   a large state when its events since the last one take about as many bytes
/// @param answerWithin how long a command or a read may take before it is answered with `TIMEOUT`
/// @param viewBatch how many events a view applies in one transaction at most
/// @param processorsAtOnce how many requests the processors of this node work on at a time; it
///   answers `Busy` to more
/// @param tracing what makes spans of what it does
public record NodeSettings(
        String name,
        ClusterSettings cluster,
        ViewPlace views,
        int aggregatesInMemory,
        int commandsWaiting,
        int snapshotEvery,
        Duration answerWithin,
        int viewBatch,
        int processorsAtOnce,
        Tracing tracing) {

    public NodeSettings {
        List<String> problems = new ArrayList<>();
        require(!name.isBlank() && name.length() <= 100, "name: 1 to 100 characters", problems);
        require(processorsAtOnce >= 1, "processors-at-once: at least 1", problems);
        require(aggregatesInMemory >= 1, "aggregates-in-memory: at least 1", problems);
        require(commandsWaiting >= 1, "commands-waiting: at least 1", problems);
        require(snapshotEvery >= 2, "snapshot-every: at least 2", problems);
        require(answerWithin.isPositive(), "answer-within: longer than nothing", problems);
        require(viewBatch >= 1, "view-batch: at least 1", problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("settings: " + String.join("; ", problems));
        }
    }

    /// Without spans.
    public NodeSettings(
            String name,
            ClusterSettings cluster,
            ViewPlace views,
            int aggregatesInMemory,
            int commandsWaiting,
            int snapshotEvery,
            Duration answerWithin,
            int viewBatch,
            int processorsAtOnce) {
        this(
                name,
                cluster,
                views,
                aggregatesInMemory,
                commandsWaiting,
                snapshotEvery,
                answerWithin,
                viewBatch,
                processorsAtOnce,
                Tracing.OFF);
    }

    private static void require(boolean holds, String otherwise, List<String> problems) {
        if (!holds) {
            problems.add(otherwise);
        }
    }

    /// A cluster of one on loopback that keeps its views in this directory.
    public static NodeSettings embedded(Path viewDirectory) {
        return new NodeSettings(
                "local",
                ClusterSettings.alone(),
                new ViewPlace.Directory(viewDirectory),
                8_192,
                4_096,
                200,
                Duration.ofSeconds(10),
                4_096,
                1_024);
    }

    /// The same with another bound on the aggregates in memory.
    public NodeSettings withAggregatesInMemory(int count) {
        return new NodeSettings(
                name,
                cluster,
                views,
                count,
                commandsWaiting,
                snapshotEvery,
                answerWithin,
                viewBatch,
                processorsAtOnce,
                tracing);
    }

    /// The same, hosting this.
    public NodeSettings withRoles(Set<Role> roles) {
        return inCluster(
                name,
                new ClusterSettings(
                        cluster.host(), cluster.port(), cluster.discovery(), roles, cluster.tls()));
    }

    /// The same as a node of a cluster.
    public NodeSettings inCluster(String nodeName, ClusterSettings settings) {
        return new NodeSettings(
                nodeName,
                settings,
                views,
                aggregatesInMemory,
                commandsWaiting,
                snapshotEvery,
                answerWithin,
                viewBatch,
                processorsAtOnce,
                tracing);
    }

    /// The same with another bound on the requests that its processors work on.
    public NodeSettings withProcessorsAtOnce(int count) {
        return new NodeSettings(
                name,
                cluster,
                views,
                aggregatesInMemory,
                commandsWaiting,
                snapshotEvery,
                answerWithin,
                viewBatch,
                count,
                tracing);
    }

    /// The same with its views elsewhere.
    public NodeSettings withViews(ViewPlace place) {
        return new NodeSettings(
                name,
                cluster,
                place,
                aggregatesInMemory,
                commandsWaiting,
                snapshotEvery,
                answerWithin,
                viewBatch,
                processorsAtOnce,
                tracing);
    }

    /// The same, making spans of what it does.
    public NodeSettings withTracing(Tracing spans) {
        return new NodeSettings(
                name,
                cluster,
                views,
                aggregatesInMemory,
                commandsWaiting,
                snapshotEvery,
                answerWithin,
                viewBatch,
                processorsAtOnce,
                spans);
    }
}
