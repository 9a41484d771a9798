// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.ClusterSettings;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this node asks of others and answers them: over a [CallLines] where there is one, else by
/// Pekko. Any thread; nothing here blocks.
final class RemoteCalls implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteCalls.class);

    private final String self;
    private final Calls calls = new Calls();
    private final CallLines lines;
    private final BiConsumer<String, Wire> byPekko;

    /// @param onAsk must not block
    /// @param byPekko sends a message to the node at an address
    RemoteCalls(
            ClusterSettings settings,
            Peer self,
            Consumer<Wire.Ask> onAsk,
            BiConsumer<String, Wire> byPekko,
            Executor threads)
            throws IOException {
        this.self = self.address();
        this.byPekko = byPekko;
        this.lines = CallLines.open(settings, self, calls, onAsk, threads);
    }

    /// Asks another node. Ends with the answer, or when the node is lost; the caller limits the
    /// time.
    CompletableFuture<byte[]> ask(Peer peer, byte[] body) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        var _ =
                answer.whenComplete(
                        (_, failure) -> {
                            if (failure instanceof TimeoutException) {
                                lines.suspect(peer);
                            }
                        });
        try {
            long number = calls.open(peer, answer);
            switch (lines.send(peer.address(), new CallFrame(CallFrame.ASK, number, body))) {
                case YES -> {}
                case FULL -> throw new Calls.LostException(peer.address() + " takes no more");
                case NO_LINE -> byPekko.accept(peer.address(), new Wire.Ask(self, number, body));
            }
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
        return answer;
    }

    void answer(Wire.Ask ask, byte[] body) {
        switch (lines.send(ask.from(), new CallFrame(CallFrame.ANSWER, ask.number(), body))) {
            case YES -> {}
            case FULL -> LOG.debug("{} does not take its answers", ask.from()); // it asks again
            case NO_LINE -> byPekko.accept(ask.from(), new Wire.Answer(self, ask.number(), body));
        }
    }

    /// An answer has come by Pekko.
    void answered(Wire.Answer answer) {
        calls.answered(answer.number(), answer.body());
    }

    /// Where others can open a line to this node.
    int port() {
        return lines.port();
    }

    void hold(Wire.Hello hello) {
        lines.hold(hello);
    }

    /// Ends the calls to a node that is gone.
    void lost(Peer peer) {
        lines.forget(peer);
        calls.lost(peer);
    }

    int open() {
        return calls.open();
    }

    long openTo(Peer peer) {
        return calls.openTo(peer);
    }

    @Override
    public void close() {
        lines.close();
    }
}
