// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Saga;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogException;
import dev.fakta.log.LogException.Category;
import dev.fakta.log.Positions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where a saga begins to read a log that was there before it: the note `MICROSYSTEM.SAGA.begins`
/// of the log, with positions, none of them for all of the history.
///
/// The first node that is started with a saga which begins with new events writes the note, before
/// the log's note of the program's names says that the saga is known ([ShapeCheck]): after a crash
/// in between the saga is still new, and the position stays. A note is written once, so all nodes
/// and all later programs mean the same position. It is not kept in the saga's index, since an
/// index may be lost, and be filled again from where the saga begins.
public final class SagaBeginning {

    private static final Logger LOG = LoggerFactory.getLogger(SagaBeginning.class);

    private SagaBeginning() {}

    private static String note(String microsystem, Saga<?, ?> saga) {
        return "%s.%s.begins".formatted(microsystem, saga.name());
    }

    /// Records where a saga begins, if it says that itself, and says so for one that is new.
    ///
    /// @param isNew whether the log has never known the saga
    /// @throws LogException when the log cannot say where it ends, or takes no note
    static void keep(EventLog log, Microsystem microsystem, Saga<?, ?> saga, boolean isNew) {
        if (saga.startsWithNewEvents()) {
            Positions wanted = isNew ? end(log, saga) : Positions.NONE;
            Positions kept =
                    Positions.parse(log.noteOnce(note(microsystem.name(), saga), wanted.token()));
            long history = Positions.NONE.behind(kept);
            if (isNew && history > 0) {
                LOG.warn(
                        "saga {} is new here and begins with what is recorded from now on, after {} records of history",
                        saga.name(),
                        history);
            }
        } else if (isNew) {
            long history = Positions.NONE.behind(log.heads());
            if (history > 0) {
                LOG.warn(
                        "saga {} is new here and begins with all of the history: {} records. If it is not to act on them, write Saga.named(\"{}\").startingWithNewEvents() before the first start with it",
                        saga.name(),
                        history,
                        saga.name());
            }
        }
    }

    /// All of it: a partition that is left out would be heard from its beginning.
    private static Positions end(EventLog log, Saga<?, ?> saga) {
        Positions heads = log.heads();
        for (int partition = 0; partition < log.partitions(); partition++) {
            if (!heads.names(partition)) {
                throw new LogException(
                        Category.UNAVAILABLE,
                        "%s is to begin with new events, and where they begin in partition %d cannot be told now: start it when all databases of the log answer"
                                .formatted(saga, partition));
            }
        }
        return heads;
    }

    /// Where a saga begins. A saga whose program does not say that it begins with new events may
    /// have had one that did.
    ///
    /// @throws LogException when the log cannot tell now
    public static Positions of(NodeParts parts, Saga<?, ?> saga) {
        String name = note(parts.microsystems().owner(saga).name(), saga);
        Optional<String> text = parts.log().note(name);
        if (text.isEmpty() && saga.startsWithNewEvents()) {
            throw new LogException(
                    Category.UNAVAILABLE,
                    "the database that has the log's note %s does not answer".formatted(name));
        }
        return Positions.parse(text.orElse(""));
    }
}
