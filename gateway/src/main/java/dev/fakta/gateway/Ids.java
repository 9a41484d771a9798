// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/// Ids of new aggregates and of commands. An aggregate's id is 100 bits as 20 characters of
/// Crockford's base 32 in lower case: 48 bits of milliseconds and 52 random ones, so that ids of
/// one time are neighbours. A request that comes with an idempotency key gets ids that follow from
/// the key, so that its retry meets what the first try made.
final class Ids {

    private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final int LENGTH = 20;
    private static final int LOW_DIGITS = 10;

    private Ids() {}

    static String fresh(long millis) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return text(millis << 2 | random.nextInt(4), random.nextLong());
    }

    static String following(byte[] digest) {
        return text(number(digest, 16), number(digest, 24));
    }

    /// The low 50 bits of each.
    private static String text(long high, long low) {
        char[] text = new char[LENGTH];
        for (int i = 0; i < LOW_DIGITS; i++) {
            text[LOW_DIGITS - 1 - i] = DIGITS[(int) (high >>> 5 * i) & 31];
            text[LENGTH - 1 - i] = DIGITS[(int) (low >>> 5 * i) & 31];
        }
        return new String(text);
    }

    static UUID commandId(byte[] digest) {
        return new UUID(number(digest, 0), number(digest, 8));
    }

    /// A hash of a request's body that is never 0.
    static long hash(byte[] body) {
        return number(sha256(body), 0) | 1;
    }

    static byte[] digest(String scope, String key) {
        return sha256((scope + '\n' + key).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static long number(byte[] bytes, int at) {
        long number = 0;
        for (int i = at; i < at + 8; i++) {
            number = number << 8 | bytes[i] & 0xFF;
        }
        return number;
    }
}
