// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.orders.payments.SealedTokens.Opened;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

class SealedTokensTest {

    private static final String ORDER = "01jyz3k8qhn4t6v9x2ab";
    private static final SealedTokens TOKENS = SealedTokens.of(List.of(key(1)));

    private static byte[] key(int filling) {
        byte[] key = new byte[SealedTokens.KEY_BYTES];
        Arrays.fill(key, (byte) filling);
        return key;
    }

    private static String nameIn(String sealed) {
        return sealed.split(":")[1];
    }

    @Property
    void what_is_sealed_for_an_order_opens_for_it(
            @ForAll @CharRange(from = ' ', to = '\ud7ff') @StringLength(min = 1, max = 200)
                    String token) {
        String sealed = TOKENS.seal(ORDER, token);
        assertThat(sealed).startsWith("sealed-1:").hasSizeLessThanOrEqualTo(SealedTokens.LONGEST);
        assertThat(TOKENS.open(ORDER, sealed)).isEqualTo(new Opened.Token(token));
    }

    @Example
    void the_longest_token_fits() {
        String sealed = TOKENS.seal(ORDER, "\uffee".repeat(200));
        assertThat(sealed).hasSizeLessThanOrEqualTo(SealedTokens.LONGEST);
    }

    @Example
    void the_same_token_of_an_order_is_sealed_to_the_same_text_in_every_process() {
        assertThat(TOKENS.seal(ORDER, "tok_1"))
                .isEqualTo(SealedTokens.of(List.of(key(1))).seal(ORDER, "tok_1"))
                .doesNotContain("tok_1")
                .isNotEqualTo(TOKENS.seal(ORDER, "tok_2"))
                .isNotEqualTo(TOKENS.seal("other", "tok_1"));
    }

    @Example
    void an_order_and_a_token_do_not_run_into_each_other() {
        String nonce =
                TOKENS.seal("a", "bc").substring("sealed-1:12345678:".length()).substring(0, 16);
        assertThat(TOKENS.seal("ab", "c")).doesNotContain(nonce);
    }

    @Example
    void a_sealed_token_that_is_copied_to_another_order_does_not_open() {
        assertThat(TOKENS.open("other", TOKENS.seal(ORDER, "tok_1")))
                .isInstanceOf(Opened.Spoiled.class);
    }

    @Example
    void another_key_does_not_open_it_and_the_right_one_is_named() {
        String sealed = TOKENS.seal(ORDER, "tok_1");
        SealedTokens others = SealedTokens.of(List.of(key(2), key(3)));
        assertThat(others.open(ORDER, sealed)).isEqualTo(new Opened.OtherKey(nameIn(sealed)));
    }

    @Example
    void an_older_key_still_opens_and_does_not_seal() {
        String old = TOKENS.seal(ORDER, "tok_1");
        SealedTokens renewed = SealedTokens.of(List.of(key(2), key(1)));
        assertThat(renewed.open(ORDER, old)).isEqualTo(new Opened.Token("tok_1"));
        assertThat(nameIn(renewed.seal(ORDER, "tok_1"))).isNotEqualTo(nameIn(old));
    }

    @Example
    void what_a_lost_key_has_sealed_is_spoiled() {
        String sealed = TOKENS.seal(ORDER, "tok_1");
        SealedTokens renewed = SealedTokens.of(List.of(key(2))).withLost(Set.of(nameIn(sealed)));
        assertThat(renewed.open(ORDER, sealed))
                .isEqualTo(
                        new Opened.Spoiled(
                                "was sealed with key %s, which is lost".formatted(nameIn(sealed))));
    }

    @Example
    void one_changed_character_spoils_it() {
        String sealed = TOKENS.seal(ORDER, "tok_1");
        int text = sealed.lastIndexOf(':') + 1;
        for (int at = text; at < sealed.length() - 1; at++) { // the last has bits that say nothing
            char other = sealed.charAt(at) == 'A' ? 'B' : 'A';
            String changed = sealed.substring(0, at) + other + sealed.substring(at + 1);
            assertThat(TOKENS.open(ORDER, changed)).as(changed).isInstanceOf(Opened.Spoiled.class);
        }
        for (int length = "sealed-1:".length(); length < sealed.length(); length++) {
            assertThat(TOKENS.open(ORDER, sealed.substring(0, length)))
                    .isInstanceOf(Opened.Spoiled.class);
        }
    }

    @Example
    void a_token_of_an_earlier_version_opens_as_itself() {
        assertThat(TOKENS.open(ORDER, "tok_1")).isEqualTo(new Opened.Token("tok_1"));
    }

    @Example
    void a_token_that_looks_sealed_is_sealed_all_the_same() {
        String copied = TOKENS.seal("other", "tok_1");
        assertThat(TOKENS.open(ORDER, TOKENS.seal(ORDER, copied)))
                .isEqualTo(new Opened.Token(copied));
    }

    @Example
    void no_text_shows_a_key_or_a_token() {
        assertThat(TOKENS.toString()).doesNotContain("1, 1").hasSizeLessThan(50);
        assertThat(new Opened.Token("tok_1").toString()).doesNotContain("tok_1");
    }

    @Example
    void a_key_of_another_length_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SealedTokens.of(List.of(new byte[31])))
                .withMessage("a key of tokens has 32 bytes, not 31");
        assertThatIllegalArgumentException().isThrownBy(() -> SealedTokens.of(List.of()));
    }
}
