// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Threads that must live as long as their node: one that ends by an error says so in the log file.
/// Who started it asks whether it lives, and the node says so ([dev.fakta.runtime.Node#isAlive]).
public final class VitalThread {

    private static final Logger LOG = LoggerFactory.getLogger(VitalThread.class);

    private VitalThread() {}

    /// A thread that is not started yet, and keeps no JVM from ending.
    public static Thread named(String name, Runnable work) {
        return Thread.ofPlatform()
                .name(name)
                .daemon()
                .uncaughtExceptionHandler(
                        (thread, error) ->
                                LOG.error(
                                        "thread {} has ended by an error", thread.getName(), error))
                .unstarted(work);
    }
}
