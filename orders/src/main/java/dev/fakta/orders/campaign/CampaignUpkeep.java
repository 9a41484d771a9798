// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import dev.fakta.domain.At;
import dev.fakta.domain.Progress;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaInput;
import dev.fakta.domain.SagaInput.Done;
import dev.fakta.domain.SagaInput.Happened;
import dev.fakta.domain.SagaInput.Refused;
import dev.fakta.domain.SagaInput.Woken;
import dev.fakta.domain.Send;
import dev.fakta.domain.Step;
import dev.fakta.orders.campaign.Campaign.Command.EndReservations;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionReserved;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionSettled;
import dev.fakta.orders.campaign.CampaignUpkeep.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Ends a campaign's reservations when their time is over. There is one instance per campaign.
///
/// It keeps no list of reservations, for there can be many thousands: it knows only by when the
/// last one ends, and until then asks the campaign every quarter of an hour to end those that are
/// over. A busy campaign so costs a few events per quarter of an hour, however many use it. No
/// reservation takes a place from others meanwhile: the campaign itself ends those that are over
/// before it refuses a use.
///
/// @param campaign none as long as no reservation was seen
/// @param latest when the last reservation ends, rounded up to a quarter of an hour; none when no
///   reservation is waited for
public record CampaignUpkeep(@Nullable String campaign, @Nullable Instant latest) {

    static final String END = "end-reservations";

    /// Reservations are looked at so often.
    static final Duration INTERVAL = Duration.ofMinutes(15);

    /// A campaign may rest for years, and nobody has to look after it.
    private static final Duration PATIENCE = Duration.ofDays(36_500);

    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    /// What the saga itself records.
    public sealed interface Event {
        /// A reservation ends later than all that are known.
        record EndAwaited(String campaign, Instant latest) implements Event {}

        /// No reservation is waited for any more.
        record EndsPassed() implements Event {}
    }

    /// The saga hears only of what happens from now on: the quarters of an hour of the years before
    /// are over.
    public static final Saga<Event, CampaignUpkeep> SAGA =
            Saga.named("campaign-upkeep")
                    .startingWithNewEvents()
                    .startingAs(new CampaignUpkeep(null, null))
                    .reacting(CampaignUpkeep::react)
                    .evolving(CampaignUpkeep::evolve)
                    .patience(PATIENCE)
                    .event("campaign-end-awaited", Event.EndAwaited.class)
                    .event("campaign-ends-passed", Event.EndsPassed.class)
                    .on(RedemptionReserved.class, (_, at) -> at.id())
                    .on(RedemptionSettled.class, (e, at) -> e.until() == null ? null : at.id())
                    .step(
                            Step.<CampaignUpkeep>named(END)
                                    .doing(
                                            (upkeep, time) ->
                                                    Send.to(
                                                            Campaign.AGGREGATE,
                                                            upkeep.known(),
                                                            new EndReservations(
                                                                    Instant.parse(time)))));

    private String known() {
        return Objects.requireNonNull(campaign, "no reservation was seen");
    }

    CampaignUpkeep evolve(Event event) {
        return switch (event) {
            case Event.EndAwaited(var id, var end) -> new CampaignUpkeep(id, end);
            case Event.EndsPassed _ -> new CampaignUpkeep(campaign, null);
        };
    }

    Reaction<Event> react(SagaInput input, Progress progress) {
        return switch (input) {
            case Happened(RedemptionReserved e, At at) -> await(e.expiresAt(), at);
            case Happened(RedemptionSettled e, At at) -> await(e.until(), at);
            case Happened _ -> Reaction.nothing();
            case Woken(var time) -> endAt(Instant.parse(time));
            // There may be more than are ended at once.
            case Done(_, var time) -> Reaction.<Event>nothing().run(END, time);
            // Nothing more is over, which is the only refusal.
            case Refused _ -> Reaction.nothing();
            case SagaInput.Unanswered _, SagaInput.Compensated _ -> Reaction.nothing();
        };
    }

    private Reaction<Event> await(@Nullable Instant until, At at) {
        if (until == null) {
            return Reaction.nothing();
        }
        Instant end = quarter(until.isAfter(LAST) ? LAST : until.plus(INTERVAL).minusNanos(1));
        if (latest != null && !end.isAfter(latest)) {
            return Reaction.nothing();
        }
        Reaction<Event> awaited = Reaction.record(new Event.EndAwaited(at.id(), end));
        return latest == null ? wake(awaited, quarter(at.time()).plus(INTERVAL)) : awaited;
    }

    private Reaction<Event> endAt(Instant time) {
        boolean isLast = latest == null || !time.isBefore(latest);
        return isLast
                ? Reaction.<Event>record(new Event.EndsPassed()).run(END, time.toString())
                : wake(Reaction.<Event>nothing().run(END, time.toString()), time.plus(INTERVAL));
    }

    /// The timer's name is its time, since a saga has no clock.
    private static Reaction<Event> wake(Reaction<Event> reaction, Instant time) {
        return reaction.wakeAt(time.toString(), time);
    }

    /// The time, rounded down to a quarter of an hour.
    private static Instant quarter(Instant time) {
        long seconds = INTERVAL.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
    }
}
