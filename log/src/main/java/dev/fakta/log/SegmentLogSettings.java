// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.engine.PartitionCount;
import dev.fakta.log.engine.Problems;

/// How a [SegmentLog] is kept.
///
/// @param partitions fixed when the log is created, 1 to 4096
/// @param segmentBytes the size of a full segment file; the first ones are smaller, so that a small
///   log stays small. An append takes at most an eighth of it
/// @param frameBytes how many bytes of waiting requests go into one write and one force
/// @param queueBytes how many bytes of requests may wait; an append beyond that fails `UNAVAILABLE`
///   at once
/// @param checkpointBytes how many bytes of log are re-read after a crash, about
/// @param checkpointStreams how many changed streams are kept in memory before they go to disk
public record SegmentLogSettings(
        int partitions,
        int segmentBytes,
        int frameBytes,
        int queueBytes,
        int checkpointBytes,
        int checkpointStreams) {

    private static final int MIB = 1 << 20;
    private static final SegmentLogSettings DEFAULTS =
            new SegmentLogSettings(64, 64 * MIB, MIB, 16 * MIB, 64 * MIB, 1 << 18);

    private static final int SMALLEST_SEGMENT = 1 << 17;

    public SegmentLogSettings {
        Problems problems = new Problems();
        problems.check("partitions", partitions, 1, PartitionCount.MOST);
        problems.check("segment-bytes", segmentBytes, SMALLEST_SEGMENT, 1 << 30);
        problems.check("frame-bytes", frameBytes, 1, Math.max(segmentBytes / 8, 1));
        problems.check("queue-bytes", queueBytes, Math.max(segmentBytes / 8, 1), 1 << 30);
        problems.check("checkpoint-bytes", checkpointBytes, 1, 1 << 30);
        problems.check("checkpoint-streams", checkpointStreams, 1, 1 << 24);
        if (Segment.headerBytes(partitions) > segmentBytes / 16) {
            problems.add("segment-bytes is too small for %,d partitions".formatted(partitions));
        }
        problems.failIfAny();
    }

    /// 64 partitions, 64 MiB segments, frames of 1 MiB, 16 MiB may wait, a checkpoint each 64 MiB
    /// or 262,144 streams.
    public static SegmentLogSettings defaults() {
        return DEFAULTS;
    }

    public SegmentLogSettings withPartitions(int number) {
        return new SegmentLogSettings(
                number, segmentBytes, frameBytes, queueBytes, checkpointBytes, checkpointStreams);
    }

    /// Smaller frames go with smaller segments.
    public SegmentLogSettings withSegmentBytes(int bytes) {
        return new SegmentLogSettings(
                partitions,
                bytes,
                Math.max(1, Math.min(frameBytes, bytes / 8)),
                queueBytes,
                checkpointBytes,
                checkpointStreams);
    }

    public SegmentLogSettings withQueueBytes(int bytes) {
        return new SegmentLogSettings(
                partitions, segmentBytes, frameBytes, bytes, checkpointBytes, checkpointStreams);
    }

    public SegmentLogSettings withCheckpoints(int everyBytes, int everyStreams) {
        return new SegmentLogSettings(
                partitions, segmentBytes, frameBytes, queueBytes, everyBytes, everyStreams);
    }
}
