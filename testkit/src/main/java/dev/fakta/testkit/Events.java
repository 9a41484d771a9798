// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/// Events to put into logs.
final class Events {

    /// Some hybrid time in 2026.
    static final long TIME = 1_790_000_000_000L << 16;

    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private Events() {}

    static NewEvent plain(String stream, long revision) {
        return at(stream, revision, TIME + revision);
    }

    static NewEvent at(String stream, long revision, long time) {
        UUID command = new UUID(stream.hashCode(), revision);
        Metadata why = new Metadata(command, command, 0, command, command, "", "", time);
        byte[] payload = (stream + '@' + revision).getBytes(StandardCharsets.UTF_8);
        return new NewEvent(stream, revision, "noted", 1, payload, why);
    }

    /// With every field different from all others.
    static NewEvent full(String stream, long revision) {
        Metadata why =
                new Metadata(
                        new UUID(1, 2),
                        new UUID(3, 4),
                        -5,
                        new UUID(6, -7),
                        new UUID(-8, 9),
                        "somebody",
                        TRACE,
                        TIME);
        return new NewEvent(stream, revision, "all-told", 65_535, new byte[] {0, -1, 127}, why);
    }

    static NewEvent unicode(String stream, long revision) {
        UUID id = new UUID(0, 0);
        Metadata why = new Metadata(id, id, 0, id, id, "Åsa 🙂", "", TIME);
        return new NewEvent(stream, revision, "größer-als-日本", 1, new byte[0], why);
    }

    static NewEvent largest(String stream) {
        UUID id = UUID.randomUUID();
        String longest = "y".repeat(NewEvent.LONGEST_NAME);
        byte[] payload = new byte[NewEvent.LARGEST_PAYLOAD];
        for (int i = 0; i < payload.length; i += 4093) {
            payload[i] = (byte) i;
        }
        Metadata why = new Metadata(id, id, Long.MIN_VALUE, id, id, longest, longest, TIME);
        return new NewEvent(stream, 1, longest, 1, payload, why);
    }

    /// By content, payload included.
    static void assertSame(NewEvent actual, NewEvent expected) {
        assertThat(actual.stream()).isEqualTo(expected.stream());
        assertThat(actual.revision()).isEqualTo(expected.revision());
        assertThat(actual.name()).isEqualTo(expected.name());
        assertThat(actual.schemaVersion()).isEqualTo(expected.schemaVersion());
        assertThat(actual.metadata()).isEqualTo(expected.metadata());
        assertThat(Arrays.equals(actual.payload(), expected.payload())).isTrue();
    }
}
