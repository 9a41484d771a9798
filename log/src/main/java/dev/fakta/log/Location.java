// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

/// A place in the log in one `long` that grows along it: 32 bits of segment number, then 32 bits of
/// byte. 0 is no place.
final class Location {

    static final long NONE = 0;

    private Location() {}

    static long of(int segment, int at) {
        return (long) segment << 32 | at;
    }

    static int segment(long location) {
        return (int) (location >>> 32);
    }

    static int at(long location) {
        return (int) location;
    }
}
