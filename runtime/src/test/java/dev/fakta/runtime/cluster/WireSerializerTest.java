// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireSerializerTest {

    private static final byte[] BODY = {1, -1, 0};

    private final WireSerializer serializer = new WireSerializer();

    static Wire[] messages() {
        return new Wire[] {
            new Wire.Ask("größe:1", Long.MAX_VALUE, BODY),
            new Wire.Answer("a:1", -1, new byte[0]),
            new Wire.Hello("a:1", 7, 65_535, 40_000, false),
            new Wire.Hello("a:1", 7, 65_535, 40_000, true),
            new Wire.Settled("a:1", 7),
            new Wire.Gone("a:1", Long.MIN_VALUE),
            new Wire.Leaving("a:1", 9)
        };
    }

    @ParameterizedTest
    @MethodSource("messages")
    void a_message_is_read_as_it_was_written(Wire message) {
        byte[] bytes = serializer.toBinary(message);
        assertThat(serializer.fromBinary(bytes, serializer.manifest(message)))
                .usingRecursiveComparison()
                .isEqualTo(message);
    }

    @Test
    void a_message_of_another_name_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                serializer.fromBinary(
                                        serializer.toBinary(new Wire.Gone("a:1", 1)), "come"))
                .withMessageContaining("come");
    }
}
