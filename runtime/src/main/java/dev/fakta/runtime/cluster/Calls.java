// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// What this node has asked of others and waits for. Each call ends: with its answer, when its node
/// is lost, or when its time is up. Any thread.
final class Calls {

    /// The most calls that are open at a time, each of which keeps what waits for its answer.
    private static final int MOST = 65_536;

    private final Map<Long, Call> open = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    private record Call(Peer peer, CompletableFuture<byte[]> answer) {}

    /// A call to a node that was lost before it answered, or that could not be made.
    static final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LostException(String message) {
            super(message, null, false, false); // an event of the network, not a fault here
        }
    }

    /// @throws LostException when too many are open
    long open(Peer peer, CompletableFuture<byte[]> answer) {
        if (open.size() >= MOST) {
            throw new LostException("too many calls wait for an answer");
        }
        long number = numbers.incrementAndGet();
        open.put(number, new Call(peer, answer));
        var _ = answer.whenComplete((_, _) -> open.remove(number));
        return number;
    }

    void answered(long number, byte[] body) {
        Call call = open.get(number);
        if (call != null) {
            call.answer.complete(body);
        }
    }

    /// Ends the calls to a node that is gone.
    void lost(Peer peer) {
        for (Call call : open.values()) {
            if (call.peer.uid() == peer.uid()) {
                call.answer.completeExceptionally(new LostException(peer.address() + " is gone"));
            }
        }
    }

    int open() {
        return open.size();
    }

    long openTo(Peer peer) {
        return open.values().stream().filter(call -> call.peer.uid() == peer.uid()).count();
    }
}
