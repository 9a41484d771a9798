// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogRecord;
import java.util.List;
import java.util.Set;

/// What the records of a log mean to the program that has its views. Any thread.
public interface ViewEvents {

    /// Whether events of this name are of one of these types.
    boolean areOf(String name, Set<Class<?>> types);

    /// The event of a record, as the object that views handle.
    ///
    /// @throws RuntimeException when it cannot be read: the event is parked then
    Object decoded(EventRecord record);

    /// A view is about to apply these records in one transaction.
    ///
    /// @return is run when it has, or could not
    default Runnable applying(View view, List<LogRecord> records) {
        return () -> {};
    }

    /// Where and when it was recorded, and by whom.
    At at(EventRecord record);
}
