// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import com.sun.net.httpserver.HttpServer;
import dev.fakta.orders.payments.sandbox.Entry.Kind;
import dev.fakta.orders.payments.sandbox.Entry.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sandbox provider: an HTTP server on loopback, with its book, its courier, and an agenda of
/// what happens by itself (late outcomes, authorizations that expire, disputes).
///
/// On the JDK's own server: it is a tool for development and tests, and needs nothing that the JDK
/// has not. What it was asked to do survives its death, by the ledger's file; webhooks that were
/// not taken are sent again when it is back.
public final class Sandbox implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);
    private static final int BACKLOG = 1_024;
    private static final long EXPIRY_MILLIS = 100;

    private final SandboxSettings settings;
    private final InstantSource clock;
    private final HttpServer server;
    private final URI uri;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService agenda =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("sandbox-agenda").factory());
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Book book;
    private final Dice dice;
    private final Courier courier;

    private Sandbox(SandboxSettings settings, InstantSource clock) throws IOException {
        this.settings = settings;
        this.clock = clock;
        this.server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()),
                        BACKLOG);
        this.uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        this.book = new Book(settings.ledger(), settings.authorizationLife());
        this.dice = new Dice(settings.misbehaviours());
        this.courier = new Courier(book, dice, settings, clock, agenda);
    }

    /// Starts to serve.
    ///
    /// @throws UncheckedIOException when the port is taken or the ledger cannot be read
    public static Sandbox start(SandboxSettings settings, InstantSource clock) {
        try {
            Sandbox sandbox = new Sandbox(settings, clock);
            sandbox.serve();
            return sandbox;
        } catch (IOException e) {
            throw new UncheckedIOException("the sandbox does not start: " + e.getMessage(), e);
        }
    }

    private void serve() {
        server.setExecutor(threads);
        server.createContext("/", new SandboxRoutes(this, book, dice));
        server.start();
        book.pending().forEach(this::happenLater);
        var _ =
                agenda.scheduleWithFixedDelay(
                        this::expire, EXPIRY_MILLIS, EXPIRY_MILLIS, TimeUnit.MILLISECONDS);
        LOG.info("the sandbox payment provider listens at {}: no real money is moved", uri());
    }

    /// Where it is asked.
    public URI uri() {
        return uri;
    }

    /// Where its webhooks go from now on: to the first, and to the next when it does not take one.
    public void deliverTo(List<URI> webhooks) {
        courier.deliverTo(webhooks);
    }

    /// Where its webhooks go from now on.
    public void deliverTo(URI webhooks) {
        deliverTo(List.of(webhooks));
    }

    /// Changes how badly it behaves.
    public void misbehave(Misbehaviours how) {
        dice.set(how);
    }

    InstantSource clock() {
        return clock;
    }

    /// An operation was carried out just now: others hear of it, and something may follow.
    void happened(Entry entry) {
        if (entry.is(Status.PENDING)) {
            happenLater(entry);
        } else {
            courier.offer(entry);
        }
        boolean isDisputed =
                entry.is(Kind.CAPTURE)
                        && entry.is(Status.SUCCEEDED)
                        && Tokens.DISPUTED.equals(book.token(entry.payment()));
        if (isDisputed) {
            later(() -> book.dispute(entry, clock.instant()));
        }
    }

    private void happenLater(Entry pending) {
        later(() -> book.settle(String.valueOf(pending.key()), clock.instant()));
    }

    /// Does it later, and has the courier tell of what came of it.
    private void later(Runnable task) {
        try {
            var _ =
                    agenda.schedule(
                            () -> telling(task), settings.late().toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            LOG.debug("the sandbox has stopped; it goes on when it is started again");
        }
    }

    private void expire() {
        telling(() -> book.expire(clock.instant()));
    }

    private void telling(Runnable task) {
        try {
            book.does(task).forEach(courier::offer);
        } catch (UncheckedIOException e) {
            LOG.error("the sandbox's ledger cannot be written", e);
        }
    }

    /// Waits for so long, or until it is closed.
    void hang() {
        try {
            boolean _ = closing.await(settings.hang().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Stops at once: requests under way are not answered, as if the process had been killed.
    /// Idempotent.
    @Override
    public synchronized void close() {
        if (closing.getCount() == 0) {
            return;
        }
        closing.countDown();
        agenda.shutdownNow();
        server.stop(0);
        courier.close();
        threads.shutdownNow();
        book.close();
    }
}
