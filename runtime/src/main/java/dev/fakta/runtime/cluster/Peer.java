// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.Role;
import java.util.Set;

/// A node as the others see it.
///
/// @param address `host:port`; a restarted node has the same one
/// @param uid tells a node from an earlier one at its address
/// @param microsystems the names of those that it hosts
record Peer(String address, long uid, Set<Role> roles, Set<String> microsystems) {

    Peer {
        roles = Set.copyOf(roles);
        microsystems = Set.copyOf(microsystems);
    }

    /// Of which only the name matters.
    Peer(String address, long uid) {
        this(address, uid, Set.of(), Set.of());
    }

    boolean has(Role role) {
        return roles.contains(role);
    }

    boolean hosts(String microsystem) {
        return microsystems.contains(microsystem);
    }
}
