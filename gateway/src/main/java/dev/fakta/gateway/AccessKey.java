// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// A key that a client sends to say who it is: `fakta_ID_`, 256 random bits, and a checksum, the
/// last two in base 62. By its beginning and its checksum people and scanners of secrets know it
/// for what it is, and a key that was copied wrongly is told from one that was revoked. What is
/// kept of it is its SHA-256: who reads that cannot send the key, and there is too much chance in
/// it to be guessed, so that a slow hash would protect nothing.
///
/// @param id whose key it is; no secret
/// @param text all of it
record AccessKey(String id, String text) {

    private static final Pattern ID = Pattern.compile("[a-z0-9]{1,40}");
    private static final Pattern FORM =
            Pattern.compile("fakta_([a-z0-9]{1,40})_[0-9A-Za-z]{43}([0-9A-Za-z]{6})");
    private static final char[] DIGITS =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".toCharArray();
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length);
    private static final int SECRET_BYTES = 32;
    private static final int SECRET_DIGITS = 43;
    private static final int CHECKSUM_DIGITS = 6;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// A new one.
    ///
    /// @param id of lower-case letters and digits, 1 to 40
    static AccessKey fresh(String id) {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        String body = "fakta_%s_%s".formatted(id, digits(new BigInteger(1, secret), SECRET_DIGITS));
        AccessKey key = parse(body + checksum(body));
        if (key == null) {
            throw new IllegalArgumentException("no id of a key: " + id);
        }
        return key;
    }

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /// The key that a text is; `null` when it is none, or was copied wrongly.
    static @Nullable AccessKey parse(String text) {
        Matcher found = FORM.matcher(text);
        return found.matches() && checksum(text.substring(0, found.start(2))).equals(found.group(2))
                ? new AccessKey(found.group(1), text)
                : null;
    }

    /// What is kept of it.
    byte[] sha256() {
        return sha256(text);
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String checksum(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return digits(BigInteger.valueOf(crc.getValue()), CHECKSUM_DIGITS);
    }

    private static String digits(BigInteger number, int length) {
        char[] text = new char[length];
        BigInteger rest = number;
        for (int i = length - 1; i >= 0; i--) {
            BigInteger[] divided = rest.divideAndRemainder(BASE);
            text[i] = DIGITS[divided[1].intValue()];
            rest = divided[0];
        }
        return new String(text);
    }

    /// Without the secret: for messages.
    @Override
    public String toString() {
        return "key " + id;
    }
}
