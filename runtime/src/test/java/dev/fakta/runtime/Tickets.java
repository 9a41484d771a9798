// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static dev.fakta.domain.Decision.accept;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.EventSink;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.RecordedEvent;
import dev.fakta.domain.RefusedEventException;
import dev.fakta.domain.Subscription;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Numbered tickets, and a sink for them that tests can break. All of it may be used by any thread.
final class Tickets {

    record Take(int number) {}

    record TicketTaken(int number) {}

    static final Aggregate<Take, TicketTaken, Integer> ROLL =
            Aggregate.named("roll")
                    .taking(Take.class)
                    .startingAs(0)
                    .deciding((_, take) -> accept(new TicketTaken(take.number())))
                    .evolving((count, _) -> count + 1)
                    .event("ticket-taken", TicketTaken.class);

    private final List<String> taken = new ArrayList<>();
    private final boolean keepsPosition;
    private @Nullable String position;
    private volatile @Nullable String refused;
    private volatile boolean isAway;
    private volatile boolean breaksBehindTheNext;
    private volatile Runnable onTaken = () -> {};
    private int opened;
    private int closed;

    /// @param keepsPosition whether the target knows the place in the log
    Tickets(boolean keepsPosition) {
        this.keepsPosition = keepsPosition;
    }

    static Microsystem microsystem(Subscription subscription) {
        return Microsystem.named("tickets").with(ROLL).with(subscription);
    }

    /// What the target has, as `STREAM NUMBER`, in its order.
    synchronized List<String> taken() {
        return List.copyOf(taken);
    }

    synchronized int opened() {
        return opened;
    }

    /// How many sinks are open now.
    synchronized int open() {
        return opened - closed;
    }

    void setAway(boolean away) {
        isAway = away;
    }

    /// Takes the next batch and breaks before it says so.
    void breakBehindTheNext() {
        breaksBehindTheNext = true;
    }

    /// @param ticket as in [#taken]; `null`: it refuses none
    void refuse(@Nullable String ticket) {
        refused = ticket;
    }

    /// Is run whenever the target has taken events, before the subscription hears of it.
    void onTaken(Runnable what) {
        onTaken = what;
    }

    /// Opens a sink.
    synchronized EventSink sink() {
        opened++;
        return new Sink();
    }

    private static String ticket(RecordedEvent each) {
        return each.stream() + " " + ((TicketTaken) each.event()).number();
    }

    private final class Sink implements EventSink {
        @Override
        public Optional<String> position() {
            synchronized (Tickets.this) {
                return Optional.ofNullable(position);
            }
        }

        @Override
        public int largestBatch() {
            return 7;
        }

        @Override
        public void take(List<RecordedEvent> events, Supplier<String> upTo)
                throws IOException, RefusedEventException {
            if (isAway) {
                throw new IOException("the target is away");
            }
            for (RecordedEvent each : events) {
                if (ticket(each).equals(refused)) {
                    throw new RefusedEventException(each, "a smudged ticket");
                }
            }
            synchronized (Tickets.this) {
                events.forEach(each -> taken.add(ticket(each)));
                position = keepsPosition ? upTo.get() : null;
            }
            onTaken.run();
            if (breaksBehindTheNext) {
                breaksBehindTheNext = false;
                throw new IOException("the answer is lost");
            }
        }

        @Override
        public void close() {
            synchronized (Tickets.this) {
                closed++;
            }
        }
    }
}
