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
import dev.fakta.orders.campaign.Campaign.Event.RedemptionSettled;
import java.time.Duration;
import java.time.Instant;

/// Ends a campaign's reservations when their time is over. There is one instance per campaign.
///
/// It keeps no list of reservations, for there can be many thousands: it has one timer for each
/// quarter of an hour in which some of them end, however many they are. No reservation takes a
/// place from others meanwhile: the campaign itself ends those that are over before it refuses a
/// use.
///
/// An instance has nothing to remember and never completes.
public record CampaignUpkeep() {

    static final String END = "end-reservations";

    private static final Duration QUARTER = Duration.ofMinutes(15);

    /// A campaign may rest for years, and nobody has to look after it.
    private static final Duration PATIENCE = Duration.ofDays(36_500);

    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    /// The saga hears only of what happens from now on: the reservations of the years before have
    /// ended.
    public static final Saga<Void, CampaignUpkeep> SAGA =
            Saga.named("campaign-upkeep")
                    .startingWithNewEvents()
                    .startingAs(new CampaignUpkeep())
                    .<Void>reacting((_, input, progress) -> react(input, progress))
                    .evolving((upkeep, _) -> upkeep)
                    .patience(PATIENCE)
                    .on(RedemptionSettled.class, (e, at) -> e.until() == null ? null : at.id())
                    .step(Step.<CampaignUpkeep>named(END).doing((_, key) -> end(key)));

    private static Reaction<Void> react(SagaInput input, Progress progress) {
        return switch (input) {
            case Happened(RedemptionSettled(_, _, _, _, _, _, _, Instant until, _), At at) ->
                    await(key(at.id(), endOf(until)), progress);
            case Happened _ -> Reaction.nothing();
            case Woken(var timer) -> Reaction.<Void>nothing().run(END, timer);
            // There may be more than are ended at once.
            case Done(_, var key) -> Reaction.<Void>nothing().run(END, key);
            // Nothing more is over, which is the only refusal.
            case Refused _ -> Reaction.nothing();
            case SagaInput.Unanswered _, SagaInput.Compensated _ -> Reaction.nothing();
        };
    }

    private static Reaction<Void> await(String timer, Progress progress) {
        return progress.isSet(timer)
                ? Reaction.nothing()
                : Reaction.<Void>nothing().wakeAt(timer, time(timer));
    }

    /// A timer is told without its time and a step without its campaign, so both stand in the name.
    private static String key(String id, Instant time) {
        return id + " " + time;
    }

    private static Instant time(String key) {
        return Instant.parse(key.substring(key.lastIndexOf(' ') + 1));
    }

    private static Send<?> end(String key) {
        String id = key.substring(0, key.lastIndexOf(' '));
        return Send.to(Campaign.AGGREGATE, id, new EndReservations(time(key)));
    }

    /// The end of the quarter of an hour that the time is in.
    private static Instant endOf(Instant until) {
        Instant time = until.isAfter(LAST) ? LAST : until;
        long seconds = QUARTER.toSeconds();
        Instant begin =
                Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
        return begin.equals(time) ? begin : begin.plus(QUARTER);
    }
}
