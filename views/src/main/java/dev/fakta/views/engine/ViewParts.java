// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.log.EventLog;
import dev.fakta.views.ViewPlace;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/// What the views of a node read from and run on.
///
/// @param node the node's name, under which it takes views that several nodes share
/// @param place where their tables are
/// @param batch how many records are applied in one transaction at most
/// @param events what the records mean
/// @param clock which tells how old the oldest record is that is not applied yet
/// @param blocking runs what waits for a disk or a network: a virtual thread each
/// @param threads makes the threads of views
public record ViewParts(
        String node,
        ViewPlace place,
        int batch,
        EventLog log,
        ViewEvents events,
        InstantSource clock,
        Executor blocking,
        Threads threads) {

    /// Makes threads that must live as long as their node.
    @FunctionalInterface
    public interface Threads {
        /// A thread that is not started yet.
        Thread named(String name, Runnable work);
    }
}
