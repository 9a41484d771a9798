// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Knows which connections are reading the headers of a request, from its first line to the empty
/// one, and cuts those whose headers do not come in time.
///
/// To Helidon, headers that end in the middle, and first lines with what no first line has, are a
/// failure of the server, which it logs with a stack trace: any client could fill the log file with
/// them. Here they are counted. What fails once a request was read says so before ([#onDefect]).
///
/// The thread of a connection calls it, and serves nothing else meanwhile.
final class RequestHeads implements Http1ConnectionListener {

    private final Map<Thread, SlowConnections.Wait> agreeing = new ConcurrentHashMap<>();
    private final Map<Thread, SlowConnections.Wait> reading = new ConcurrentHashMap<>();
    private final SlowConnections connections;
    private final Duration within;
    private final LongAdder broken = new LongAdder();
    private final Set<Thread> defects = ConcurrentHashMap.newKeySet();

    /// @param within how long the headers of a request may take to arrive
    RequestHeads(SlowConnections connections, Duration within) {
        this.connections = connections;
        this.within = within;
    }

    /// The calling thread begins to agree with its client on how to encrypt. That, and the first
    /// line of the first request, have to come in time; Helidon waits for ever for who has not
    /// agreed.
    void onEncrypted() {
        Thread reader = Thread.currentThread();
        agreeing.put(reader, connections.begin(within, () -> agreeing.remove(reader)));
    }

    private void endAgreeing() {
        SlowConnections.Wait wait = agreeing.remove(Thread.currentThread());
        if (wait != null) {
            wait.close();
        }
    }

    @Override
    public void prologue(ConnectionContext connection, HttpPrologue firstLine) {
        endAgreeing();
        Thread reader = Thread.currentThread();
        reading.put(reader, connections.begin(within, () -> cut(reader)));
    }

    /// Also of a connection that was lost, of which Helidon tells nobody.
    private void cut(Thread reader) {
        if (reading.remove(reader) != null) {
            broken.increment();
        }
    }

    @Override
    public void headers(ConnectionContext connection, Headers all) {
        if (!end()) {
            throw new CloseConnectionException("the headers came when their time was up");
        }
    }

    /// The calling thread reads no headers any more.
    ///
    /// @return whether it did
    private boolean end() {
        SlowConnections.Wait wait = reading.remove(Thread.currentThread());
        if (wait == null) {
            return false;
        }
        wait.close();
        return true;
    }

    /// The calling thread fails with a request that it has read: the next failure that it is asked
    /// about is the server's own.
    void onDefect() {
        defects.add(Thread.currentThread());
    }

    /// The request of the calling thread cannot be taken.
    ///
    /// @param isDefect whether Helidon takes it for a failure of the server
    /// @return whether it is because the request's head is none, has ended in the middle, or was
    ///   cut
    boolean areBroken(boolean isDefect) {
        endAgreeing();
        end();
        boolean areBroken = isDefect && !defects.remove(Thread.currentThread());
        if (areBroken) {
            broken.increment();
        }
        return areBroken;
    }

    /// How many requests had a head that was none, ended in the middle, or was cut.
    long broken() {
        return broken.sum();
    }
}
