// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A receiver of events: where it is, what it wants, how far it has got. No fact has its secret,
/// which follows from a key that is outside of the log; facts count how often it was replaced.
///
/// @param url where messages are posted; empty before it is made
/// @param wanted which events
/// @param because why it is disabled
/// @param generation how often its secret was replaced
/// @param earlierUntil until when messages have a signature with the secret before, too
/// @param failingSince since when nothing was taken; `null` when something was
/// @param positions up to where each event was taken or given up
/// @param lastResend how often somebody has asked for messages again
/// @param resends those that are not carried out yet, in the order of their numbers
record WebhookSubscription(
        String url,
        Wanted wanted,
        Status status,
        @Nullable Reason because,
        int generation,
        @Nullable Instant earlierUntil,
        @Nullable Instant failingSince,
        long delivered,
        long givenUp,
        String positions,
        int lastResend,
        List<Resend> resends) {

    /// The name of the event that says how far it has got.
    static final String PROGRESSED = "webhook-progressed";

    /// The names of the events that change nothing about what is delivered, where and how.
    private static final Set<String> OF_DELIVERY =
            Set.of(
                    PROGRESSED,
                    "webhook-failing",
                    "webhook-message-given-up",
                    "webhook-resend-asked",
                    "webhook-resend-ended");

    /// So many resends may wait.
    private static final int MOST_RESENDS = 10;

    static final Aggregate<Command, Event, WebhookSubscription> AGGREGATE =
            Aggregate.named("webhook-subscription")
                    .taking(Command.class)
                    .startingAs(
                            new WebhookSubscription(
                                    "",
                                    Wanted.ALL,
                                    Status.ENDED,
                                    null,
                                    0,
                                    null,
                                    null,
                                    0,
                                    0,
                                    "",
                                    0,
                                    List.of()))
                    .deciding(WebhookSubscription::decide)
                    .evolving(WebhookSubscription::evolve)
                    .refusing(Refusal.class)
                    .event("webhook-subscribed", Event.Subscribed.class)
                    .event("webhook-changed", Event.Changed.class)
                    .event("webhook-secret-replaced", Event.SecretReplaced.class)
                    .event("webhook-paused", Event.Paused.class)
                    .event("webhook-resumed", Event.Resumed.class)
                    .event("webhook-ended", Event.Ended.class)
                    .event(PROGRESSED, Event.Progressed.class)
                    .event("webhook-failing", Event.Failing.class)
                    .event("webhook-message-given-up", Event.GivenUp.class)
                    .event("webhook-disabled", Event.Disabled.class)
                    .event("webhook-resend-asked", Event.ResendAsked.class)
                    .event("webhook-resend-ended", Event.ResendEnded.class);

    WebhookSubscription {
        resends = List.copyOf(resends);
    }

    /// Messages that are sent again: all that are wanted between two positions, or single ones.
    ///
    /// @param number of the subscription's resends, from 1
    /// @param after and `before`: behind which positions, and up to which
    /// @param messages the positions of single ones; empty when it is about a range
    record Resend(int number, String after, String before, List<String> messages) {
        Resend {
            messages = List.copyOf(messages);
        }
    }

    /// Which events.
    ///
    /// @param types their names; all when there is none
    /// @param streams aggregates or single streams, `order` or `order/ID`; all when there is none,
    ///   but for those of sagas and of webhooks
    record Wanted(List<String> types, List<String> streams) {
        static final Wanted ALL = new Wanted(List.of(), List.of());

        Wanted {
            types = List.copyOf(types);
            streams = List.copyOf(streams);
        }
    }

    enum Status {
        ACTIVE,
        /// Somebody has it wait.
        PAUSED,
        /// It was given up; somebody has to look after it.
        DISABLED,
        ENDED
    }

    /// Why a subscription is disabled.
    enum Reason {
        /// The receiver has answered that it is gone for good: 410.
        GONE,
        /// The receiver has taken nothing for too long.
        FAILING
    }

    sealed interface Command {
        /// Makes it.
        ///
        /// @param positions the events behind them are delivered
        record Subscribe(String url, Wanted wanted, String positions) implements Command {}

        record Change(String url, Wanted wanted) implements Command {}

        /// Puts another secret in the place of the one at hand.
        ///
        /// @param earlierUntil until when the secret before signs too
        record ReplaceSecret(Instant earlierUntil) implements Command {}

        record Pause() implements Command {}

        /// Has it go on from where it stands, also when it was disabled.
        record Resume() implements Command {}

        record End() implements Command {}

        /// Says how far it has got.
        ///
        /// @param positions up to where each event was taken or given up; of the partitions that
        ///   moved
        /// @param delivered since the last time
        record Progress(String positions, long delivered) implements Command {}

        record Fail(Instant since, String detail) implements Command {}

        /// Leaves a message undelivered.
        ///
        /// @param event the id of the one that was not taken
        /// @param position of it: partition and offset
        /// @param stream and `type`: of the event
        record GiveUp(
                String event,
                String position,
                int attempts,
                String detail,
                String stream,
                String type,
                @Nullable Instant firstSentAt)
                implements Command {}

        record Disable(Reason reason, String detail) implements Command {}

        /// See [Resend].
        record AskResend(String after, String before, List<String> messages) implements Command {}

        /// Says that a resend is carried out.
        ///
        /// @param taken how many messages were taken
        record EndResend(int number, long taken, long notTaken) implements Command {}
    }

    sealed interface Event {
        record Subscribed(String url, Wanted wanted, String positions) implements Event {}

        record Changed(String url, Wanted wanted) implements Event {}

        record SecretReplaced(Instant earlierUntil) implements Event {}

        record Paused() implements Event {}

        record Resumed() implements Event {}

        record Ended() implements Event {}

        record Progressed(String positions, long delivered) implements Event {}

        record Failing(Instant since, String detail) implements Event {}

        /// What is `null` was not recorded by the first versions.
        record GivenUp(
                String event,
                String position,
                int attempts,
                String detail,
                @Nullable String stream,
                @Nullable String type,
                @Nullable Instant firstSentAt)
                implements Event {}

        record Disabled(Reason reason, String detail) implements Event {}

        record ResendAsked(int number, String after, String before, List<String> messages)
                implements Event {}

        record ResendEnded(int number, long taken, long notTaken) implements Event {}
    }

    enum Refusal implements Rejection {
        SUBSCRIPTION_MADE,
        SUBSCRIPTION_MISSING,
        SUBSCRIPTION_ENDED,
        /// As many as may wait do.
        RESENDS_WAITING
    }

    Decision<Event> decide(Command command) {
        return switch (command) {
            case Command.Subscribe _ when isMade() -> reject(Refusal.SUBSCRIPTION_MADE);
            case Command.Subscribe(var to, var what, var from) ->
                    accept(new Event.Subscribed(to, what, from));
            case Command _ when !isMade() -> reject(Refusal.SUBSCRIPTION_MISSING);
            case Command.End _ when status == Status.ENDED -> accept();
            case Command _ when status == Status.ENDED -> reject(Refusal.SUBSCRIPTION_ENDED);
            case Command.Change(var to, var what) when to.equals(url) && what.equals(wanted) ->
                    accept();
            case Command.Change(var to, var what) -> accept(new Event.Changed(to, what));
            case Command.ReplaceSecret(var until) -> accept(new Event.SecretReplaced(until));
            case Command.Pause _ -> status == Status.PAUSED ? accept() : accept(new Event.Paused());
            case Command.Resume _ ->
                    status == Status.ACTIVE ? accept() : accept(new Event.Resumed());
            case Command.End _ -> accept(new Event.Ended());
            case Command.Progress(var to, var count) ->
                    WebhookProgress.covers(positions, to)
                            ? accept()
                            : accept(new Event.Progressed(to, count));
            case Command.Fail(var since, var detail) ->
                    failingSince == null ? accept(new Event.Failing(since, detail)) : accept();
            case Command.GiveUp one ->
                    accept(
                            new Event.GivenUp(
                                    one.event,
                                    one.position,
                                    one.attempts,
                                    one.detail,
                                    one.stream,
                                    one.type,
                                    one.firstSentAt));
            case Command.Disable(var reason, var detail) ->
                    status == Status.ACTIVE ? accept(new Event.Disabled(reason, detail)) : accept();
            case Command.AskResend _ when resends.size() >= MOST_RESENDS ->
                    reject(Refusal.RESENDS_WAITING);
            case Command.AskResend(var after, var before, var messages) ->
                    accept(new Event.ResendAsked(lastResend + 1, after, before, messages));
            case Command.EndResend(var number, var taken, var notTaken) ->
                    resends.stream().anyMatch(one -> one.number == number)
                            ? accept(new Event.ResendEnded(number, taken, notTaken))
                            : accept();
        };
    }

    WebhookSubscription evolve(Event event) {
        return switch (event) {
            case Event.Subscribed(var to, var what, var from) ->
                    new WebhookSubscription(
                            to, what, Status.ACTIVE, null, 0, null, null, 0, 0, from, 0, List.of());
            case Event.Changed(var to, var what) ->
                    new WebhookSubscription(
                            to,
                            what,
                            status,
                            because,
                            generation,
                            earlierUntil,
                            null,
                            delivered,
                            givenUp,
                            positions,
                            lastResend,
                            resends);
            case Event.SecretReplaced(var until) ->
                    new WebhookSubscription(
                            url,
                            wanted,
                            status,
                            because,
                            generation + 1,
                            until,
                            failingSince,
                            delivered,
                            givenUp,
                            positions,
                            lastResend,
                            resends);
            case Event.Paused _ -> with(Status.PAUSED, null, failingSince);
            case Event.Resumed _ -> with(Status.ACTIVE, null, null);
            case Event.Ended _ -> with(Status.ENDED, because, failingSince);
            case Event.Progressed(var to, var count) ->
                    counted(
                            delivered + count,
                            givenUp,
                            WebhookProgress.merged(positions, to),
                            count > 0 ? null : failingSince);
            case Event.Failing(var since, _) -> with(status, because, since);
            case Event.GivenUp _ -> counted(delivered, givenUp + 1, positions, failingSince);
            case Event.Disabled(var reason, _) -> with(Status.DISABLED, reason, failingSince);
            case Event.ResendAsked(var number, var after, var before, var messages) ->
                    resending(
                            number,
                            Stream.concat(
                                            resends.stream(),
                                            Stream.of(new Resend(number, after, before, messages)))
                                    .toList(),
                            failingSince);
            case Event.ResendEnded(var number, var taken, _) ->
                    resending(
                            lastResend,
                            resends.stream().filter(one -> one.number != number).toList(),
                            taken > 0 ? null : failingSince);
        };
    }

    private WebhookSubscription with(
            Status next, @Nullable Reason why, @Nullable Instant nothingTakenSince) {
        return new WebhookSubscription(
                url,
                wanted,
                next,
                why,
                generation,
                earlierUntil,
                nothingTakenSince,
                delivered,
                givenUp,
                positions,
                lastResend,
                resends);
    }

    private WebhookSubscription counted(
            long taken, long notTaken, String settled, @Nullable Instant nothingTakenSince) {
        return new WebhookSubscription(
                url,
                wanted,
                status,
                because,
                generation,
                earlierUntil,
                nothingTakenSince,
                taken,
                notTaken,
                settled,
                lastResend,
                resends);
    }

    private WebhookSubscription resending(
            int last, List<Resend> open, @Nullable Instant nothingTakenSince) {
        return new WebhookSubscription(
                url,
                wanted,
                status,
                because,
                generation,
                earlierUntil,
                nothingTakenSince,
                delivered,
                givenUp,
                positions,
                last,
                open);
    }

    /// Whether an event changes what is delivered, where or how.
    ///
    /// @param event its name
    static boolean isChange(String event) {
        return !OF_DELIVERY.contains(event);
    }

    boolean isMade() {
        return !url.isEmpty();
    }

    /// Whether messages of this one are delivered as those of another state of it: what may differ
    /// is how far it has got.
    boolean isDeliveredAs(WebhookSubscription other) {
        return url.equals(other.url)
                && wanted.equals(other.wanted)
                && status == other.status
                && generation == other.generation;
    }
}
