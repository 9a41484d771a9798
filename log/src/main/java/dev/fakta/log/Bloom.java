// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

/// A Bloom filter over stream hashes: 10 bits and 7 probes per key, so that about 1 % of the absent
/// ones seem present (Bloom 1970; double hashing after Kirsch and Mitzenmacher 2006).
@SuppressWarnings("ArrayRecordComponent") // nobody compares by them
record Bloom(long[] words) {

    private static final int BITS_PER_KEY = 10;
    private static final int PROBES = 7;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    static Bloom forKeys(long count) {
        return new Bloom(new long[(int) (count * BITS_PER_KEY / 64 + 1)]);
    }

    void add(long key) {
        long step = step(key);
        long probe = key;
        for (int i = 0; i < PROBES; i++) {
            long bit = bit(probe);
            words[(int) (bit >>> 6)] |= 1L << bit;
            probe += step;
        }
    }

    boolean mayContain(long key) {
        long step = step(key);
        long probe = key;
        for (int i = 0; i < PROBES; i++) {
            long bit = bit(probe);
            if ((words[(int) (bit >>> 6)] & 1L << bit) == 0) {
                return false;
            }
            probe += step;
        }
        return true;
    }

    private long bit(long probe) {
        return Math.unsignedMultiplyHigh(probe, words.length * 64L);
    }

    private static long step(long key) {
        long mixed = key * GOLDEN;
        return (mixed ^ mixed >>> 29) | 1;
    }
}
