// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Alarm;
import dev.fakta.domain.AlarmChanges;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Rejection;
import dev.fakta.domain.Send;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// A booking that lapses when it is not confirmed in time, and reminds its guest every day until he
/// has come; for tests of alarm clocks, and the example of their page.
record Booking(Stage stage, int reminders) {

    enum Stage {
        NONE,
        ASKED,
        CONFIRMED,
        LAPSED,
        OVER
    }

    /// A booking that cannot lapse while it is broken: what is sent to it is refused.
    static final String REFUSED = "refused";

    /// A booking whose decisions fail while it is broken.
    static final String FAILING = "failing";

    static volatile boolean isBroken;
    static final AtomicInteger LAPSES = new AtomicInteger();

    sealed interface Command {
        record Ask() implements Command {}

        record Confirm() implements Command {}

        record Lapse(String id) implements Command {}

        record Remind() implements Command {}

        record Come() implements Command {}
    }

    sealed interface Event {
        record BookingAsked() implements Event {}

        record BookingConfirmed() implements Event {}

        record BookingLapsed() implements Event {}

        record GuestReminded() implements Event {}

        record GuestCame() implements Event {}
    }

    enum Refusal implements Rejection {
        BUSY,
        LAPSED;

        @Override
        public String detail() {
            return "not now";
        }
    }

    static final Aggregate<Command, Event, Booking> AGGREGATE =
            Aggregate.named("booking")
                    .taking(Command.class)
                    .startingAs(new Booking(Stage.NONE, 0))
                    .deciding(Booking::decide)
                    .evolving(Booking::evolve)
                    .event("booking-asked", Event.BookingAsked.class)
                    .event("booking-confirmed", Event.BookingConfirmed.class)
                    .event("booking-lapsed", Event.BookingLapsed.class)
                    .event("guest-reminded", Event.GuestReminded.class)
                    .event("guest-came", Event.GuestCame.class);

    private Decision<Event> decide(Command command) {
        return switch (command) {
            case Command.Ask _ -> Decision.accept(new Event.BookingAsked());
            case Command.Confirm _ ->
                    stage == Stage.LAPSED
                            ? Decision.reject(Refusal.LAPSED)
                            : Decision.accept(new Event.BookingConfirmed());
            case Command.Lapse(var id) -> lapse(id);
            case Command.Remind _ ->
                    stage == Stage.CONFIRMED
                            ? Decision.accept(new Event.GuestReminded())
                            : Decision.accept();
            case Command.Come _ -> Decision.accept(new Event.GuestCame());
        };
    }

    private Decision<Event> lapse(String id) {
        LAPSES.incrementAndGet();
        if (isBroken && id.equals(FAILING)) {
            throw new AssertionError("an odd booking");
        }
        if (isBroken && id.equals(REFUSED)) {
            return Decision.reject(Refusal.BUSY);
        }
        return stage == Stage.ASKED
                ? Decision.accept(new Event.BookingLapsed())
                : Decision.accept();
    }

    private Booking evolve(Event event) {
        return switch (event) {
            case Event.BookingAsked _ -> new Booking(Stage.ASKED, reminders);
            case Event.BookingConfirmed _ -> new Booking(Stage.CONFIRMED, reminders);
            case Event.BookingLapsed _ -> new Booking(Stage.LAPSED, reminders);
            case Event.GuestReminded _ -> new Booking(stage, reminders + 1);
            case Event.GuestCame _ -> new Booking(Stage.OVER, reminders);
        };
    }

    // region clock
    static final Duration TO_CONFIRM = Duration.ofMinutes(15);
    static final Duration BETWEEN_REMINDERS = Duration.ofDays(1);

    static final AlarmClock CLOCK =
            AlarmClock.named("booking-clock")
                    .alarm(
                            Alarm.named("lapse")
                                    .sending(id -> Send.to(AGGREGATE, id, new Command.Lapse(id))))
                    .alarm(
                            Alarm.named("remind")
                                    .sending(id -> Send.to(AGGREGATE, id, new Command.Remind()))
                                    .every(BETWEEN_REMINDERS))
                    .on(
                            Event.BookingAsked.class,
                            (_, at) -> AlarmChanges.of(at.id()).ring("lapse", TO_CONFIRM))
                    .on(
                            Event.BookingConfirmed.class,
                            (_, at) ->
                                    AlarmChanges.of(at.id())
                                            .clear("lapse")
                                            .ringUnlessSet("remind", BETWEEN_REMINDERS))
                    .on(Event.GuestCame.class, (_, at) -> AlarmChanges.of(at.id()).clearAll());

    // endregion

    static Microsystem microsystem(AlarmClock clock) {
        return Microsystem.named("bookings").with(AGGREGATE).with(clock);
    }
}
