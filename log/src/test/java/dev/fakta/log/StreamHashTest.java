// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StreamHashTest {

    @Test
    void it_is_xxh64_with_seed_0() {
        assertThat(StreamHash.of("")).isEqualTo(0xEF46DB3751D8E999L);
        assertThat(StreamHash.of("a")).isEqualTo(0xD24EC4F1A98C6E5BL);
        assertThat(StreamHash.of("abc")).isEqualTo(0x44BC2CF5AD770999L);
        assertThat(StreamHash.of("Nobody inspects the spammish repetition"))
                .isEqualTo(0xFBCEA83C8A378BF1L);
    }

    /// The reference's own sanity check: bytes of a multiplicative generator, at lengths that take
    /// each branch.
    @Test
    void it_agrees_with_the_reference_at_every_kind_of_length() {
        byte[] bytes = new byte[222];
        long generator = 2654435761L;
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (generator >>> 56);
            generator *= 0x9E3779B185EBCA8DL;
        }
        assertThat(StreamHash.of(Arrays.copyOf(bytes, 1))).isEqualTo(0xE934A84ADB052768L);
        assertThat(StreamHash.of(Arrays.copyOf(bytes, 4))).isEqualTo(0x9136A0DCA57457EEL);
        assertThat(StreamHash.of(Arrays.copyOf(bytes, 14))).isEqualTo(0x8282DCC4994E35C8L);
        assertThat(StreamHash.of(bytes)).isEqualTo(0xB641AE8CB691C174L);
    }

    @Test
    void a_name_is_hashed_as_utf_8() {
        assertThat(StreamHash.of("Åsa"))
                .isEqualTo(StreamHash.of("Åsa".getBytes(StandardCharsets.UTF_8)));
    }
}
