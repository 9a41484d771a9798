// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the process with status 0 when it is asked to stop, by SIGTERM, SIGINT or SIGHUP, after
/// what has to be closed is closed and all shutdown hooks of the application have run.
///
/// The JVM by itself ends with 143 then, which supervisors take for a failure. Its hooks cannot
/// change that without cutting off the other hooks, so that the signals are taken instead. This is
/// for programs that own their process: it takes the place of other handlers of these signals.
public final class OrderlyExit {

    private static final Logger LOG = LoggerFactory.getLogger(OrderlyExit.class);
    private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");

    private OrderlyExit() {}

    /// Has the process close it when it ends in whatever way but by a kill, and end with status 0
    /// when it is asked to stop.
    ///
    /// @param close is called once, by a thread of its own, and has to come to an end
    public static void closing(Runnable close) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(close));
        SIGNALS.forEach(OrderlyExit::exitOn);
    }

    /// By reflection, since javac warns of this type, whatever is said, wherever it is named. It is
    /// in a module that every JDK has (JEP 260).
    private static void exitOn(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandle exit =
                    MethodHandles.insertArguments(
                            MethodHandles.lookup()
                                    .findStatic(
                                            System.class,
                                            "exit",
                                            MethodType.methodType(void.class, int.class)),
                            0,
                            0);
            Object exiting =
                    MethodHandleProxies.asInterfaceInstance(
                            handler, MethodHandles.dropArguments(exit, 0, signal));
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), exiting);
        } catch (ReflectiveOperationException | LinkageError e) {
            // -Xrs, or a system that has no such signal: the JVM does as it does by itself
            LOG.debug("SIG{} cannot be taken", name, e);
        }
    }
}
