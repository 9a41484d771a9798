// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.returns;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Sourcing;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Units of one order on their way back. The order reserves them before (R1) and credits what is
/// taken back after; the return knows what was said, what came and what became of it.
///
/// Units that are restocked or written off are refunded; others go back to the customer. Shipping
/// is refunded with its tax when the customer keeps no unit of the order, and not in part.
///
/// @param request none as long as it does not exist
/// @param received what came; none as long as nothing did
/// @param inspected what became of it
/// @param refund what it led to, once it is closed
public record Return(
        @Nullable Request request,
        Stage stage,
        List<LineUnits> received,
        List<Inspected> inspected,
        @Nullable Money refund) {

    static final int LONGEST_TEXT = 2000;
    static final int MOST_LINES = 500;

    public static final Aggregate<Command, Event, Return> AGGREGATE =
            Aggregate.named("return")
                    .taking(Command.class)
                    .startingAs(new Return(null, Stage.REQUESTED, List.of(), List.of(), null))
                    .deciding(Return::decide)
                    .evolving(Return::evolve)
                    .refusing(Refusal.class)
                    .event("return-requested", Event.ReturnRequested.class)
                    .event("return-approved", Event.ReturnApproved.class)
                    .event("return-rejected", Event.ReturnRejected.class)
                    .event("return-received", Event.ReturnReceived.class)
                    .event("return-inspected", Event.ReturnInspected.class)
                    .event("return-closed", Event.ReturnClosed.class)
                    .event("return-expired", Event.ReturnExpired.class)
                    .event("return-abandoned", Event.ReturnAbandoned.class);

    public Return {
        received = List.copyOf(received);
        inspected = List.copyOf(inspected);
    }

    /// How far it is. The text of a value, outside, is its `toString`.
    public enum Stage {
        REQUESTED("Requested", null, null),
        APPROVED("Approved", Refusal.RETURN_NOT_APPROVED, Refusal.RETURN_APPROVED),
        RECEIVED("Received", Refusal.RETURN_NOT_RECEIVED, Refusal.RETURN_RECEIVED),
        INSPECTED("Inspected", Refusal.RETURN_NOT_INSPECTED, Refusal.RETURN_INSPECTED),
        CLOSED("Closed", null, Refusal.RETURN_CLOSED),
        REJECTED("Rejected", null, Refusal.RETURN_REJECTED),
        EXPIRED("Expired", null, Refusal.RETURN_EXPIRED),
        ABANDONED("Abandoned", null, Refusal.RETURN_ABANDONED);

        private final String text;
        private final @Nullable Refusal notYet;
        private final @Nullable Refusal already;

        Stage(String text, @Nullable Refusal notYet, @Nullable Refusal already) {
            this.text = text;
            this.notYet = notYet;
            this.already = already;
        }

        /// Why something that needs a stage cannot be done in this one, if it cannot.
        @Nullable Refusal unless(Stage needed) {
            if (this == needed) {
                return null;
            }
            return compareTo(needed) < 0 ? needed.notYet : already;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// What the customer asks for.
    ///
    /// @param quote what is refunded when all of it is taken back and nothing else changes
    public record Request(
            String orderId,
            List<Line> lines,
            String reason,
            Instant at,
            RoundingMode rounding,
            Money quote) {
        public Request {
            lines = List.copyOf(lines);
        }
    }

    /// Units of one line of the order, with all that their value follows from.
    ///
    /// @param returnable how many the order says can come back
    /// @param location from where they left
    /// @param total what the whole line costs
    /// @param ordered the line's units
    /// @param credited how many of them were credited before
    public record Line(
            int line,
            String sku,
            int quantity,
            int returnable,
            String location,
            Money total,
            int ordered,
            int credited) {

        boolean isPossible() {
            return line >= 0
                    && quantity >= 1
                    && quantity <= returnable // R1
                    && credited >= 0
                    && (long) credited + returnable <= ordered
                    && total.signum() >= 0;
        }

        /// What so many units of it are worth: the units behind those that were credited before, so
        /// that returns one after the other add up to the line.
        Money worth(int units, RoundingMode rounding) {
            return total.refundOf(credited, credited + units, ordered, rounding);
        }
    }

    /// What became of the units of a line.
    public record Inspected(int line, int restocked, int writtenOff) {
        int accepted() {
            return restocked + writtenOff;
        }
    }

    public sealed interface Command {
        /// Asks whether units may come back.
        ///
        /// @param windowEnds until when the order's units can be returned
        record RequestReturn(
                String orderId,
                List<Line> lines,
                @Nullable String reason,
                Instant at,
                Instant windowEnds,
                RoundingMode rounding)
                implements Command {}

        record ApproveReturn() implements Command {}

        record RejectReturn(@Nullable String reason) implements Command {}

        /// The parcel is there.
        ///
        /// @param lines what came; none: everything
        record RecordReceived(@Nullable List<@Nullable LineUnits> lines) implements Command {}

        /// Says what becomes of what came.
        ///
        /// @param lines what is taken back; units that are not named go back to the customer
        /// @param location where the units lie that can be sold again; none: each where it left
        record Inspect(@Nullable List<@Nullable Inspected> lines, @Nullable String location)
                implements Command {}

        /// Ends the return.
        ///
        /// @param refund what the order refunds for it
        record CloseReturn(Money refund) implements Command {}

        record ExpireReturn() implements Command {}

        /// Ends a return that its order has set units aside for and that was never requested, as
        /// whoever asked for it died in between. One that was requested is left alone.
        record AbandonReturn() implements Command {}
    }

    public sealed interface Event {
        record ReturnRequested(Request request) implements Event {}

        record ReturnApproved() implements Event {}

        record ReturnRejected(String reason) implements Event {}

        record ReturnReceived(List<LineUnits> lines) implements Event {
            public ReturnReceived {
                lines = List.copyOf(lines);
            }
        }

        /// Says what became of what came.
        ///
        /// @param location where the units lie that can be sold again; none: each where it left
        record ReturnInspected(List<Inspected> lines, @Nullable String location) implements Event {
            public ReturnInspected {
                lines = List.copyOf(lines);
            }
        }

        record ReturnClosed(Money refund) implements Event {}

        record ReturnExpired() implements Event {}

        /// The return was never requested, and cannot be any more.
        record ReturnAbandoned() implements Event {}
    }

    public enum Refusal implements Rejection {
        UNKNOWN_RETURN("There is no such return."),
        RETURN_ALREADY_REQUESTED("Another return was requested under this id."),
        RETURN_NOT_APPROVED("The return is not approved yet."),
        RETURN_APPROVED("The return is approved."),
        RETURN_NOT_RECEIVED("Nothing of the return has come yet."),
        RETURN_RECEIVED("The return was received."),
        RETURN_NOT_INSPECTED("What came was not inspected yet."),
        RETURN_INSPECTED("What came was inspected."),
        RETURN_CLOSED("The return is closed."),
        RETURN_REJECTED("The return was rejected."),
        RETURN_EXPIRED("The return has expired."),
        RETURN_ABANDONED("The return was not requested in time: ask for another one."),
        WINDOW_CLOSED("The time in which the order's units can be returned is over."),
        LINES_INVALID("lines: each once, 1 unit or more, and no more than can be returned."),
        LOCATION_INVALID("location: 1 to 60 characters without @ are needed."),
        INSPECTION_INVALID("lines: each once, and together no more units than were received."),
        TEXT_INVALID("reason: at most 2000 characters.");

        private final String detail;

        Refusal(String detail) {
            this.detail = detail;
        }

        @Override
        public String detail() {
            return detail;
        }
    }

    /// What is taken back of each line, as far as it is inspected.
    public List<LineUnits> accepted() {
        List<LineUnits> accepted = new ArrayList<>();
        for (Inspected each : inspected) {
            if (each.accepted() > 0) {
                accepted.add(new LineUnits(each.line(), each.accepted()));
            }
        }
        return accepted;
    }

    Decision<Event> decide(Command command) {
        if (command instanceof Command.RequestReturn wish) {
            return ask(wish);
        }
        if (request == null) {
            return abandon(command);
        }
        return switch (command) {
            case Command.RequestReturn wish -> ask(wish);
            case Command.AbandonReturn _ -> accept();
            case Command.ApproveReturn _ when stage == Stage.APPROVED -> accept();
            case Command.ApproveReturn _ -> in(Stage.REQUESTED, new Event.ReturnApproved());
            case Command.RejectReturn _ when stage == Stage.REJECTED -> accept();
            case Command.RejectReturn(var reason) when !fits(reason) ->
                    reject(Refusal.TEXT_INVALID);
            case Command.RejectReturn(var reason) ->
                    in(Stage.REQUESTED, new Event.ReturnRejected(orEmpty(reason)));
            case Command.RecordReceived(var lines) -> receive(request, LineUnits.present(lines));
            case Command.Inspect(var lines, var location) -> inspect(present(lines), location);
            case Command.CloseReturn(var amount) when stage == Stage.CLOSED ->
                    amount.equals(refund) ? accept() : reject(Refusal.RETURN_CLOSED);
            case Command.CloseReturn(var amount) ->
                    in(Stage.INSPECTED, new Event.ReturnClosed(amount));
            case Command.ExpireReturn _ when stage == Stage.EXPIRED -> accept();
            case Command.ExpireReturn _ when stage == Stage.REQUESTED ->
                    accept(new Event.ReturnExpired());
            case Command.ExpireReturn _ -> in(Stage.APPROVED, new Event.ReturnExpired());
        };
    }

    private Decision<Event> abandon(Command command) {
        if (!(command instanceof Command.AbandonReturn)) {
            return reject(Refusal.UNKNOWN_RETURN);
        }
        return stage == Stage.ABANDONED ? accept() : accept(new Event.ReturnAbandoned());
    }

    Return evolve(Event event) {
        return switch (event) {
            case Event.ReturnRequested(var asked) ->
                    new Return(asked, Stage.REQUESTED, received, inspected, refund);
            case Event.ReturnApproved _ -> at(Stage.APPROVED);
            case Event.ReturnRejected _ -> at(Stage.REJECTED);
            case Event.ReturnExpired _ -> at(Stage.EXPIRED);
            case Event.ReturnAbandoned _ -> at(Stage.ABANDONED);
            case Event.ReturnReceived(var lines) ->
                    new Return(request, Stage.RECEIVED, lines, inspected, refund);
            case Event.ReturnInspected(var lines, _) ->
                    new Return(request, Stage.INSPECTED, received, lines, refund);
            case Event.ReturnClosed(var amount) ->
                    new Return(request, Stage.CLOSED, received, inspected, amount);
        };
    }

    private Decision<Event> ask(Command.RequestReturn wish) {
        Refusal refusal = stage == Stage.ABANDONED ? Refusal.RETURN_ABANDONED : refusal(wish);
        if (refusal != null) {
            return reject(refusal);
        }
        Money quote = Money.zero(wish.lines().getFirst().total().currency());
        for (Line line : wish.lines()) {
            quote = quote.plus(line.worth(line.quantity(), wish.rounding()));
        }
        Request asked =
                new Request(
                        wish.orderId(),
                        wish.lines(),
                        orEmpty(wish.reason()),
                        wish.at(),
                        wish.rounding(),
                        quote);
        if (request != null) {
            return request.equals(asked) ? accept() : reject(Refusal.RETURN_ALREADY_REQUESTED);
        }
        return accept(new Event.ReturnRequested(asked));
    }

    private static @Nullable Refusal refusal(Command.RequestReturn wish) {
        if (!fits(wish.reason())) {
            return Refusal.TEXT_INVALID;
        }
        if (!wish.at().isBefore(wish.windowEnds())) { // R3
            return Refusal.WINDOW_CLOSED;
        }
        boolean isGood =
                !wish.lines().isEmpty()
                        && wish.lines().size() <= MOST_LINES
                        && wish.rounding() != RoundingMode.UNNECESSARY;
        List<Integer> seen = new ArrayList<>();
        long sum = 0;
        for (Line line : wish.lines()) {
            isGood &= line.isPossible() && !seen.contains(line.line());
            isGood &= line.total().currency() == wish.lines().getFirst().total().currency();
            isGood &= line.total().minor() <= Long.MAX_VALUE - sum;
            sum += isGood ? line.total().minor() : 0;
            seen.add(line.line());
        }
        return isGood ? null : Refusal.LINES_INVALID;
    }

    private Decision<Event> receive(Request asked, List<LineUnits> given) {
        List<LineUnits> came = given.isEmpty() ? requested(asked) : given;
        if (stage == Stage.RECEIVED && came.equals(received)) {
            return accept();
        }
        List<Integer> seen = new ArrayList<>();
        for (LineUnits each : came) {
            int most = LineUnits.of(each.line(), requested(asked));
            if (each.quantity() < 1 || each.quantity() > most || seen.contains(each.line())) {
                return reject(Refusal.LINES_INVALID);
            }
            seen.add(each.line());
        }
        return in(Stage.APPROVED, new Event.ReturnReceived(came));
    }

    private Decision<Event> inspect(List<Inspected> lines, @Nullable String location) {
        if (stage == Stage.INSPECTED && lines.equals(inspected)) {
            return accept();
        }
        if (location != null && !Sourcing.isLocation(location)) {
            return reject(Refusal.LOCATION_INVALID);
        }
        List<Integer> seen = new ArrayList<>();
        for (Inspected each : lines) {
            int most = LineUnits.of(each.line(), received);
            boolean isGood =
                    each.restocked() >= 0
                            && each.writtenOff() >= 0
                            && (long) each.restocked() + each.writtenOff() <= most
                            && !seen.contains(each.line());
            if (!isGood && stage == Stage.RECEIVED) {
                return reject(Refusal.INSPECTION_INVALID);
            }
            seen.add(each.line());
        }
        return in(Stage.RECEIVED, new Event.ReturnInspected(lines, location));
    }

    private Decision<Event> in(Stage needed, Event event) {
        Refusal refusal = stage.unless(needed);
        return refusal == null ? accept(event) : reject(refusal);
    }

    private Return at(Stage next) {
        return new Return(request, next, received, inspected, refund);
    }

    private static List<LineUnits> requested(Request asked) {
        List<LineUnits> units = new ArrayList<>();
        for (Line line : asked.lines()) {
            units.add(new LineUnits(line.line(), line.quantity()));
        }
        return units;
    }

    private static List<Inspected> present(@Nullable List<@Nullable Inspected> lines) {
        List<Inspected> present = new ArrayList<>();
        for (Inspected each : lines == null ? List.<@Nullable Inspected>of() : lines) {
            if (each != null) {
                present.add(each);
            }
        }
        return present;
    }

    private static boolean fits(@Nullable String text) {
        return text == null || text.length() <= LONGEST_TEXT;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text.strip();
    }
}
