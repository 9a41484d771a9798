// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals the tokens of cards, so that facts carry what only the call of the provider opens again.
///
/// A sealed token is `sealed-1:KEY:BASE64URL`: the name of the key, and AES-256-GCM's nonce, text
/// and tag. It belongs to its order, whose id is the associated data: copied to another order it
/// does not open. The nonce is an HMAC-SHA256 over order and token under a key of its own, cut to
/// 96 bits: the same token of the same order is sealed to the same text, so that a request that is
/// tried again makes the same command, and a nonce comes again with the same text only. What this
/// shows is whether an order was given the same card twice, and how long its token is.
///
/// A text that does not begin as a sealed one was recorded by an earlier version, in the clear, and
/// opens as itself. What is sealed is always sealed anew, whatever it looks like.
///
/// Immutable; used by all threads. Its text never shows a key.
public final class SealedTokens {

    /// The length of a key.
    public static final int KEY_BYTES = 32;

    /// No token of 200 characters comes to more.
    public static final int LONGEST = 900;

    private static final String PREFIX = "sealed-1:";
    private static final Pattern FORM = Pattern.compile(PREFIX + "([0-9a-f]{8}):([A-Za-z0-9_-]+)");
    private static final int NAME_BYTES = 4;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final String MAC = "HmacSHA256";

    private final List<Key> keys;
    private final Set<String> lost;

    private SealedTokens(List<Key> keys, Set<String> lost) {
        this.keys = keys;
        this.lost = lost;
    }

    /// @param name by which a sealed token names it; says nothing of the key
    private record Key(String name, SecretKeySpec text, SecretKeySpec nonce) {
        static Key of(byte[] secret) {
            if (secret.length != KEY_BYTES) {
                throw new IllegalArgumentException(
                        "a key of tokens has %d bytes, not %d".formatted(KEY_BYTES, secret.length));
            }
            SecretKeySpec root = new SecretKeySpec(secret, MAC);
            return new Key(
                    HexFormat.of().formatHex(Arrays.copyOf(derived(root, "key name"), NAME_BYTES)),
                    new SecretKeySpec(derived(root, "card tokens"), "AES"),
                    new SecretKeySpec(derived(root, "nonces of card tokens"), MAC));
        }

        private static byte[] derived(SecretKeySpec root, String purpose) {
            return mac(root, purpose.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// With these keys, of [#KEY_BYTES] each: the first one seals, all of them open.
    ///
    /// @throws IllegalArgumentException when there is none, or one has another length
    public static SealedTokens of(List<byte[]> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("a key of tokens is needed");
        }
        List<Key> keys = new ArrayList<>();
        secrets.forEach(secret -> keys.add(Key.of(secret)));
        return new SealedTokens(List.copyOf(keys), Set.of());
    }

    /// With a key that ends with the process: for tests, and where no provider is asked.
    public static SealedTokens ofThisProcess() {
        return of(List.of(freshKey()));
    }

    /// A new key.
    public static byte[] freshKey() {
        byte[] secret = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(secret);
        return secret;
    }

    /// The same, where keys of these names are lost for good: what they have sealed is no card any
    /// more.
    public SealedTokens withLost(Set<String> names) {
        return new SealedTokens(keys, Set.copyOf(names));
    }

    /// Seals a card's token for its order.
    public String seal(String order, String token) {
        Key key = keys.getFirst();
        byte[] id = order.getBytes(StandardCharsets.UTF_8);
        byte[] text = token.getBytes(StandardCharsets.UTF_8);
        byte[] both =
                ByteBuffer.allocate(Integer.BYTES + id.length + text.length)
                        .putInt(id.length)
                        .put(id)
                        .put(text)
                        .array();
        byte[] nonce = Arrays.copyOf(mac(key.nonce(), both), NONCE_BYTES);
        try {
            byte[] hidden = cipher(Cipher.ENCRYPT_MODE, key, nonce, id).doFinal(text);
            byte[] sealed =
                    ByteBuffer.allocate(nonce.length + hidden.length)
                            .put(nonce)
                            .put(hidden)
                            .array();
            return PREFIX
                    + key.name()
                    + ":"
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /// What [#open] finds.
    sealed interface Opened {
        /// The card's token.
        record Token(String text) implements Opened {
            @Override
            public String toString() {
                return "a token";
            }
        }

        /// It was sealed with a key that is not among these, and that may be found again.
        record OtherKey(String key) implements Opened {}

        /// It never opens: its key is lost, it belongs to another order, or it was changed.
        record Spoiled(String why) implements Opened {}
    }

    /// Opens what was sealed for this order.
    Opened open(String order, String sealed) {
        if (!sealed.startsWith(PREFIX)) {
            return new Opened.Token(sealed);
        }
        Matcher parts = FORM.matcher(sealed);
        if (!parts.matches()) {
            return new Opened.Spoiled("is damaged");
        }
        String name = parts.group(1);
        Opened found =
                lost.contains(name)
                        ? new Opened.Spoiled(
                                "was sealed with key %s, which is lost".formatted(name))
                        : new Opened.OtherKey(name);
        for (Key key : keys) {
            if (key.name().equals(name)) {
                found = open(key, order, parts.group(2));
            }
            if (found instanceof Opened.Token) {
                return found;
            }
        }
        return found;
    }

    private static Opened open(Key key, String order, String text) {
        byte[] id = order.getBytes(StandardCharsets.UTF_8);
        try {
            byte[] sealed = Base64.getUrlDecoder().decode(text);
            if (sealed.length < NONCE_BYTES + TAG_BYTES) {
                return new Opened.Spoiled("is damaged");
            }
            byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
            byte[] clear =
                    cipher(Cipher.DECRYPT_MODE, key, nonce, id)
                            .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
            return new Opened.Token(new String(clear, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | AEADBadTagException _) {
            return new Opened.Spoiled("was sealed for another order, or is damaged");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    private static Cipher cipher(int mode, Key key, byte[] nonce, byte[] order)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key.text(), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(order);
        return cipher;
    }

    private static byte[] mac(SecretKeySpec key, byte[] text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + MAC, e);
        }
    }

    @Override
    public String toString() {
        return "the seal of tokens, with key " + keys.getFirst().name();
    }
}
