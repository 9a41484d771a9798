// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.pekko;

/// What crosses a node's border or goes to the journal does so as JSON.
interface JsonSerializable {}
