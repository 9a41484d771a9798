// SPDX-License-Identifier: Apache-2.0

/// The cluster that a node is a member of, and no API: the only package that names Pekko.
///
/// [ClusterMember] joins and leaves; [Placement] says which member hosts what, the same on all of
/// them; [Hosting] makes it so on this node. What a node asks of another is written by [CallCodec]
/// and goes over [CallLines]: [Delivery] finds the node, tries again where it may, and has an end.
@NullMarked
package dev.fakta.runtime.cluster;

import org.jspecify.annotations.NullMarked;
