// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.View;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogRecord;
import dev.fakta.log.NewEvent;
import dev.fakta.log.Positions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies records to an open view, a transaction for each batch. One thread at a time.
///
/// An event that fails is parked: set aside with its reason, and later events of its stream behind
/// it; all other streams go on. A disk or a network that fails parks nothing.
final class ViewApplier {

    private static final Logger LOG = LoggerFactory.getLogger(ViewApplier.class);

    private static final int MOST_PLACES = 100;

    private final View view;
    private final ViewEvents events;
    private final ViewWriter writer;
    private final Set<String> parked = ConcurrentHashMap.newKeySet();
    private final Set<String> said = new HashSet<>();
    private boolean isUnsaved;

    ViewApplier(View view, ViewEvents events, ViewWriter writer) {
        this.view = view;
        this.events = events;
        this.writer = writer;
        this.parked.addAll(writer.parkedStreams());
    }

    /// The same after a failure: what was committed is what the view's store says.
    ViewApplier reopen() {
        return new ViewApplier(view, events, writer.reopen());
    }

    Positions checkpoint() {
        return writer.checkpoint();
    }

    /// Any thread.
    int parkedStreams() {
        return parked.size();
    }

    void close() {
        writer.close();
    }

    void apply(List<LogRecord> records, Positions upTo) {
        try {
            boolean hasRows = false;
            for (LogRecord record : records) {
                hasRows |= apply(record);
            }
            if (hasRows) {
                save(upTo);
            } else {
                isUnsaved = true; // to pass over them once more after a restart changes nothing
            }
        } catch (ViewFencedException e) {
            throw e;
        } catch (ViewSqlException e) {
            if (e.isOperating()) {
                throw e;
            }
            writer.rollback();
            applyApart(records, upTo);
        } catch (RuntimeException _) {
            writer.rollback();
            applyApart(records, upTo);
        }
    }

    /// When there is nothing to apply: writes down that records were passed over, and notices when
    /// another runner has taken the view.
    void rest(Positions upTo) {
        if (isUnsaved) {
            save(upTo);
        } else {
            writer.confirm();
        }
    }

    private void save(Positions upTo) {
        writer.commit(upTo);
        isUnsaved = false;
    }

    /// @return whether it was one for this view
    private boolean apply(LogRecord record) {
        if (!(record instanceof EventRecord event
                && events.areOf(event.event().name(), view.events()))) {
            return false;
        }
        if (parked.contains(event.event().stream())) {
            park(event, "an earlier event of the stream is parked");
        } else {
            handle(event);
        }
        return true;
    }

    /// An error of the handler is a failure of its event like any other.
    private void handle(EventRecord event) {
        try {
            view.apply(events.decoded(event), events.at(event), writer);
        } catch (Error e) {
            if (isOfJvm(e)) {
                throw e;
            }
            throw new IllegalStateException(e.toString(), e);
        }
    }

    /// Whether the JVM itself fails, and not the code that was called.
    static boolean isOfJvm(Throwable failure) {
        return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
    }

    /// The slow way, after a batch has failed: finds the events that fail, and parks them.
    private void applyApart(List<LogRecord> records, Positions upTo) {
        for (LogRecord record : records) {
            try {
                writer.apart(() -> apply(record));
            } catch (RuntimeException e) {
                if (e instanceof ViewSqlException failed && failed.isOperating()) {
                    throw e;
                }
                parkFailed((EventRecord) record, e);
            }
        }
        save(upTo);
    }

    private void parkFailed(EventRecord record, RuntimeException failure) {
        String reason =
                failure instanceof ViewSqlException
                        ? String.valueOf(failure.getMessage())
                        : failure.toString();
        LOG.error(
                "{} parks {} revision {}: {}",
                view,
                record.event().stream(),
                record.event().revision(),
                reason,
                isSaid(failure) ? null : failure);
        park(record, reason);
        parked.add(record.event().stream());
    }

    /// Whether a failure at the same place in the code is in the log file already, with its trace.
    private boolean isSaid(RuntimeException failure) {
        StackTraceElement[] frames = failure.getStackTrace();
        String place = failure.getClass() + " " + (frames.length == 0 ? "" : frames[0]);
        return said.size() >= MOST_PLACES || !said.add(place);
    }

    private void park(EventRecord record, String reason) {
        NewEvent event = record.event();
        writer.park(record.partition(), record.offset(), event.stream(), event.name(), reason);
    }
}
