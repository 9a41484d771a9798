// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One of the alarms that an [AlarmClock] has: what is sent when it rings, and what then.
///
/// What it sends must bear being sent at any time and more than once: after a crash an alarm may
/// ring again, and one that was cleared may have rung just before. The aggregate decides whether
/// there is still something to do; a command that comes for nothing records nothing.
public final class Alarm {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final String name;
    private final Function<String, Send<?>> sends;
    private final @Nullable Duration period;
    private final Retry retry;
    private final @Nullable OnRefusal onRefusal;

    private Alarm(
            String name,
            Function<String, Send<?>> sends,
            @Nullable Duration period,
            Retry retry,
            @Nullable OnRefusal onRefusal) {
        this.name = name;
        this.sends = sends;
        this.period = period;
        this.retry = retry;
        this.onRefusal = onRefusal;
    }

    /// What follows when what an alarm has sent was refused.
    public sealed interface AfterRefusal {
        /// There is nothing more to do: as if it had been accepted.
        record Done() implements AfterRefusal {}

        /// It rings again after a while.
        record Again(Duration after) implements AfterRefusal {}

        /// Somebody has to look: it rings again after longer and longer pauses, and is listed.
        record Trouble() implements AfterRefusal {}

        /// There is nothing more to do.
        static AfterRefusal done() {
            return new Done();
        }

        /// It rings again after this time.
        static AfterRefusal again(Duration after) {
            return new Again(after);
        }

        /// Somebody has to look.
        static AfterRefusal trouble() {
            return new Trouble();
        }
    }

    /// Says what follows when what an alarm has sent was refused, by a processor or an aggregate.
    @FunctionalInterface
    public interface OnRefusal {
        /// Says what follows.
        ///
        /// @param refusal the name of the rejection; `REFUSED` when it was a processor's
        /// @param detail of the refusal, for people
        AfterRefusal after(String id, String refusal, String detail);
    }

    /// Starts a definition. The name is stable, as alarms that are set are kept under it:
    /// lower-case words joined by `-`.
    public static Named named(String name) {
        return new Named(Names.stable("alarm", name));
    }

    /// Has it ring again and again, this time after it has rung, until it is cleared.
    public Alarm every(Duration time) {
        if (!time.isPositive()) {
            throw new IllegalArgumentException("%s rings every %s".formatted(this, time));
        }
        return new Alarm(name, sends, time, retry, onRefusal);
    }

    /// Says after which pauses it rings again when no answer comes, and after how many attempts it
    /// waits for an operator; it goes on ringing all the same, the longest pause apart. Without it
    /// eight attempts, from 50 ms to a minute apart.
    public Alarm retrying(Retry pauses) {
        return new Alarm(name, sends, period, pauses, onRefusal);
    }

    /// Says what follows a refusal. Without it a refusal is trouble.
    public Alarm onRefusal(OnRefusal what) {
        return new Alarm(name, sends, period, retry, what);
    }

    public String name() {
        return name;
    }

    /// What it sends when it rings for an id.
    public Send<?> sent(String id) {
        return sends.apply(id);
    }

    /// How long after it has rung it rings again; `null`: not at all.
    public @Nullable Duration period() {
        return period;
    }

    /// After which pauses it rings again when no answer comes.
    public Retry retry() {
        return retry;
    }

    /// What follows when what it has sent was refused.
    public AfterRefusal refused(String id, String refusal, String detail) {
        return onRefusal == null ? AfterRefusal.trouble() : onRefusal.after(id, refusal, detail);
    }

    @Override
    public String toString() {
        return "alarm " + name;
    }

    /// A definition that has a name.
    public record Named(String name) {
        /// Says what is sent when the alarm rings for an id.
        public Alarm sending(Function<String, Send<?>> what) {
            return new Alarm(
                    name, what, null, Retry.times(8).pausing(FIRST_PAUSE, LONGEST_PAUSE), null);
        }
    }
}
