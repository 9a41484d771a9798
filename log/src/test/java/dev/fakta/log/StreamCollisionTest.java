// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static dev.fakta.log.Samples.done;
import static dev.fakta.log.Samples.event;
import static dev.fakta.log.Samples.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.LogException.Category;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two streams whose names have the same hash. XXH64 is no cryptographic hash: of a name of 64
/// bytes, a lane's second 8 bytes can be solved for, given any first 8.
class StreamCollisionTest {

    private static final String ONE = "x".repeat(64);
    private static final String OTHER = other();

    @TempDir Path directory;
    private SegmentLog log;
    private Writer writer;

    private static String other() {
        long p1 = 0x9E3779B185EBCA87L;
        long p2 = 0xC2B2AE3D27D4EB4FL;
        long p1Inverse = inverse(p1);
        ByteBuffer bytes =
                ByteBuffer.wrap(ONE.getBytes(StandardCharsets.UTF_8))
                        .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(p1 * p1Inverse).isEqualTo(1);
        long lane = p1 + p2;
        long first = bytes.getLong(0);
        long reached = round(lane, first, p1, p2) + bytes.getLong(32) * p2;
        for (int i = 1; ; i++) {
            long changed = first ^ (i & 0xF) ^ (i >> 4 & 0xFL) << 8 ^ (i >> 8 & 0xFL) << 16;
            long second = (reached - round(lane, changed, p1, p2)) * inverse(p2);
            if ((second & 0x8080808080808080L) == 0) {
                return new String(
                        bytes.putLong(0, changed).putLong(32, second).array(),
                        StandardCharsets.US_ASCII);
            }
        }
    }

    private static long round(long lane, long input, long p1, long p2) {
        return Long.rotateLeft(lane + input * p2, 31) * p1;
    }

    /// Modulo 2^64, by Newton's iteration.
    private static long inverse(long odd) {
        long inverse = odd;
        for (int i = 0; i < 6; i++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }

    @BeforeEach
    void open() {
        log = SegmentLog.open(directory, SegmentLogSettings.defaults());
        writer = log.claim(log.partitionOf(ONE), "n");
    }

    @AfterEach
    void close() {
        log.close();
        assertThat(LogVerifier.verify(directory).fault()).isEmpty();
    }

    @Test
    void the_names_differ_and_the_hashes_do_not() {
        assertThat(OTHER).isNotEqualTo(ONE);
        assertThat(StreamHash.of(OTHER)).isEqualTo(StreamHash.of(ONE));
    }

    @Test
    void each_stream_has_its_own_revisions() {
        done(writer.append(List.of(event(ONE, 1, 1), event(OTHER, 1, 2), event(ONE, 2, 3))));
        done(writer.append(List.of(event(OTHER, 2, 4))));
        done(writer.append(List.of(event(ONE, 3, 5))));
        assertThat(payloads(ONE)).containsExactly(1, 3, 5);
        assertThat(payloads(OTHER)).containsExactly(2, 4);
        assertThat(failure(writer.append(List.of(event(OTHER, 4, 1)))).category())
                .isEqualTo(Category.CONFLICT);
    }

    @Test
    void the_first_event_of_one_does_not_follow_from_the_others() {
        done(writer.append(List.of(event(ONE, 1, 1))));
        assertThat(log.readStream(OTHER, 1, 10)).isEmpty();
        assertThat(failure(writer.append(List.of(event(OTHER, 2, 1)))).category())
                .isEqualTo(Category.CONFLICT);
    }

    @Test
    void each_stream_has_its_own_snapshot_also_after_reopening() {
        done(writer.append(List.of(event(ONE, 1, 1), event(OTHER, 1, 2))));
        writer.putSnapshot(new Snapshot(ONE, 1, new byte[1]));
        writer.putSnapshot(new Snapshot(OTHER, 1, new byte[2]));
        done(writer.append(List.of(event(ONE, 2, 1))));
        log.close();
        log = SegmentLog.open(directory, SegmentLogSettings.defaults());
        assertThat(log.latestSnapshot(ONE).orElseThrow().payload()).hasSize(1);
        assertThat(log.latestSnapshot(OTHER).orElseThrow().payload()).hasSize(2);
        assertThat(payloads(OTHER)).containsExactly(2);
    }

    private List<Integer> payloads(String stream) {
        return log.readStream(stream, 1, 100).stream()
                .map(record -> record.event().payload().length)
                .toList();
    }
}
