// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

/// What nodes tell each other. Every message names its sender by address.
@SuppressWarnings("ArrayRecordComponent") // bytes on their way; nobody compares by them
sealed interface Wire extends Membership.Message {

    String from();

    /// Asks for something; see [CallCodec] for the body.
    ///
    /// @param number the sender's, for the answer
    record Ask(String from, long number, byte[] body) implements Wire {}

    record Answer(String from, long number, byte[] body) implements Wire {}

    /// Says where a lifeline can be held, see [Lifelines], where a line for calls, and whether the
    /// sender has settled, see [Placement].
    ///
    /// @param callPort see [CallLines]; 0 when the sender has none
    record Hello(String from, long uid, int lifelinePort, int callPort, boolean isSettled)
            implements Wire {
        String host() {
            return from.substring(0, from.lastIndexOf(':'));
        }
    }

    /// Says that the sender has settled, and takes its partitions now.
    record Settled(String from, long uid) implements Wire {}

    /// Says that a node's process has ended, as far as the sender can see.
    record Gone(String from, long uid) implements Wire {}

    /// Says that the sender leaves, before the cluster's gossip does.
    record Leaving(String from, long uid) implements Wire {}
}
