// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

/// A committed event.
///
/// @param offset its place in the partition
/// @param event what was appended
public record EventRecord(int partition, long offset, NewEvent event) implements LogRecord {
    @Override
    public long time() {
        return event.metadata().time();
    }
}
