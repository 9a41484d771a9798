// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Does what has to be done when something has not happened in time.
///
/// ```java
/// static final AlarmClock CLOCK =
///         AlarmClock.named("payment-clock")
///                 .alarm(Alarm.named("no-answer").sending(
///                         id -> Send.to(Order.AGGREGATE, id, new RecordNoAnswer())))
///                 .on(PaymentRequested.class, (event, at) ->
///                         AlarmChanges.of(at.id()).ring("no-answer", Duration.ofMinutes(30)))
///                 .on(OrderConfirmed.class, (event, at) ->
///                         AlarmChanges.of(at.id()).clearAll());
/// ```
///
/// Events set alarms and clear them, for an id. An alarm that rings sends a command, or has a
/// processor work; then it is done with, or rings again after its period. An answer that does not
/// come has it ring again, after longer and longer pauses, until one does.
///
/// Unlike a [Saga] a clock has no stream: which alarms are set follows from the events and their
/// times, and nothing is recorded but what the commands record. So an alarm rings once at least:
/// after a crash it may ring again, and so it may while it is being cleared.
public final class AlarmClock {

    private final String name;
    private final Map<String, Alarm> alarms;
    private final Map<Class<?>, Setting<?>> settings;

    private AlarmClock(String name, Map<String, Alarm> alarms, Map<Class<?>, Setting<?>> settings) {
        this.name = name;
        this.alarms = new LinkedHashMap<>(alarms);
        this.settings = Map.copyOf(settings);
    }

    /// Says what an event does to the clock's alarms.
    ///
    /// @param <T> the type of the event
    @FunctionalInterface
    public interface Setting<T> {
        /// Says what is changed; `null`: nothing.
        @Nullable AlarmChanges changes(T event, At at);
    }

    /// Starts a definition. The name is stable, as what the clock has read of the log is kept under
    /// it: lower-case words joined by `-`.
    public static AlarmClock named(String name) {
        return new AlarmClock(Names.stable("alarm clock", name), Map.of(), Map.of());
    }

    /// Adds an alarm.
    public AlarmClock alarm(Alarm alarm) {
        Map<String, Alarm> more = new LinkedHashMap<>(alarms);
        if (more.put(alarm.name(), alarm) != null) {
            throw new IllegalArgumentException("%s has %s twice".formatted(this, alarm));
        }
        return new AlarmClock(name, more, settings);
    }

    /// Adds an event that sets or clears alarms.
    public <T> AlarmClock on(Class<T> event, Setting<? super T> setting) {
        Map<Class<?>, Setting<?>> more = new HashMap<>(settings);
        if (more.put(event, setting) != null) {
            throw new IllegalArgumentException(
                    "%s is set by %s twice".formatted(this, event.getSimpleName()));
        }
        return new AlarmClock(name, alarms, more);
    }

    public String name() {
        return name;
    }

    /// The names of its alarms, in the order of their definition.
    public Set<String> alarms() {
        return alarms.keySet();
    }

    /// The alarm of this name; `null` when it has none.
    public @Nullable Alarm find(String alarm) {
        return alarms.get(alarm);
    }

    /// The types of the events that change alarms.
    public Set<Class<?>> setters() {
        return settings.keySet();
    }

    /// What an event does to its alarms; `null`: nothing.
    ///
    /// @throws IllegalArgumentException when it names an alarm that the clock does not have
    @SuppressWarnings("unchecked")
    public @Nullable AlarmChanges changes(Object event, At at) {
        Setting<Object> setting = (Setting<Object>) settings.get(event.getClass());
        AlarmChanges changes = setting == null ? null : setting.changes(event, at);
        if (changes != null) {
            changes.changes().forEach(this::refuseUnknown);
        }
        return changes;
    }

    private void refuseUnknown(AlarmChanges.Change change) {
        String alarm =
                switch (change) {
                    case AlarmChanges.Change.Ring(var one, _) -> one;
                    case AlarmChanges.Change.RingAt(var one, _) -> one;
                    case AlarmChanges.Change.RingUnlessSet(var one, _) -> one;
                    case AlarmChanges.Change.Clear(var one) -> one;
                    case AlarmChanges.Change.ClearAll() -> null;
                };
        if (alarm != null && !alarms.containsKey(alarm)) {
            throw new IllegalArgumentException("%s has no alarm %s".formatted(this, alarm));
        }
    }

    @Override
    public String toString() {
        return "alarm clock " + name;
    }
}
