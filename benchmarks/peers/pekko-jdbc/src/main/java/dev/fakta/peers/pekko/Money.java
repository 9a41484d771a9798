// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.pekko;

/// An amount in a currency's smallest unit.
record Money(long minor, String currency) {

    Money plus(Money other) {
        return new Money(Math.addExact(minor, other.minor), currency);
    }

    Money times(int quantity) {
        return new Money(Math.multiplyExact(minor, quantity), currency);
    }
}
