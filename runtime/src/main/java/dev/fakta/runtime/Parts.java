// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.log.EventLog;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/// What the parts of a node share.
///
/// @param blocking runs what waits for a disk or a network: a virtual thread each
record Parts(
        NodeSettings settings,
        EventLog log,
        EventCodec codec,
        RecentEvents recent,
        InstantSource clock,
        Executor blocking) {}
