// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

/// Says that an [EventSink] will never take an event, however often it comes.
public final class RefusedEventException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient RecordedEvent event;

    /// @param event one of those that were to be taken
    /// @param reason for an operator, without secrets
    public RefusedEventException(RecordedEvent event, String reason) {
        super(reason);
        this.event = event;
    }

    /// @param cause what the event met
    public RefusedEventException(RecordedEvent event, Throwable cause) {
        super(cause.toString(), cause);
        this.event = event;
    }

    public RecordedEvent event() {
        return event;
    }
}
