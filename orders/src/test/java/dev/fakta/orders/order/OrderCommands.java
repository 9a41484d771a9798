// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.MoneyStanding.OfCards;
import dev.fakta.orders.order.MoneyStanding.OfCredit;
import dev.fakta.orders.order.MoneyStanding.Outcome;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.pricing.PricedLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// Commands for tests of a small order: two tea and three cups for 66.87 EUR with shipping. The way
/// of an order that goes well, and everything that may come in between: out of order, twice, about
/// things that do not exist, with impossible amounts.
final class OrderCommands {

    static final OrderCreated CREATED =
            Placing.order().lines(Placing.line("tea", 2L), Placing.line("cup", 3L)).placed();
    static final long GRAND = CREATED.totals().grand().minor();
    static final List<LineUnits> ALL = List.of(new LineUnits(0, 2), new LineUnits(1, 3));
    static final Instant NOON = Placing.NOON;

    private OrderCommands() {}

    static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }

    static List<LineUnits> units(int line, int quantity) {
        return List.of(new LineUnits(line, quantity));
    }

    /// Stock has none of these units, and the order waits for them.
    static Command stock(List<LineUnits> waiting) {
        return heard(waiting, units -> answer(units.line(), 0, units.quantity(), 0));
    }

    /// Of a line so many units lie there for the order, and it waits for so many.
    static Command stock(int line, int lying, int waiting) {
        return new StockFacts.Command.RecordStock(List.of(answer(line, lying, waiting, 0)), false);
    }

    /// These units lie there for the order.
    private static Command lying(List<LineUnits> units) {
        return heard(units, each -> answer(each.line(), each.quantity(), 0, 0));
    }

    private static Command heard(List<LineUnits> units, Function<LineUnits, LineStock> answer) {
        return new StockFacts.Command.RecordStock(units.stream().map(answer).toList(), false);
    }

    private static LineStock answer(int line, int reserved, int waiting, int refused) {
        return new LineStock(line, Sourcing.MAIN, 1, reserved, waiting, refused, 0, null);
    }

    /// All units are set aside for as long as the order wants at first: then it asks for its money.
    static Command reserved(OrderCreated created) {
        List<LineStock> lines = new ArrayList<>();
        for (int line = 0; line < created.lines().size(); line++) {
            int units = created.lines().get(line).quantity();
            lines.add(new LineStock(line, Sourcing.MAIN, 1, units, 0, 0, 0, created.stockUntil()));
        }
        return new StockFacts.Command.RecordStock(lines, false);
    }

    /// All units are kept for the order for good: one whose money is promised is confirmed.
    static Command firm(OrderCreated created) {
        List<LineUnits> all = new ArrayList<>();
        for (int line = 0; line < created.lines().size(); line++) {
            all.add(new LineUnits(line, created.lines().get(line).quantity()));
        }
        return lying(all);
    }

    /// Stock has none of these units, and will have none.
    static Command missing(List<LineUnits> refused) {
        return heard(refused, units -> answer(units.line(), 0, 0, units.quantity()));
    }

    /// A line as it could be added.
    static PricedLine spare() {
        return Placing.order().lines(Placing.line("cup", 1L)).placed().lines().getFirst();
    }

    /// The provider was asked for the money and has not answered.
    static Command pending(int attempt) {
        return heard(new OfCards(0, 0, 0, 0, attempt, Outcome.PENDING, List.of()));
    }

    static Command declined(int attempt) {
        return heard(new OfCards(0, 0, 0, 0, attempt, Outcome.DECLINED, List.of()));
    }

    /// So much is set aside by this attempt, and nothing was taken.
    static Command authorized(int attempt, long minor) {
        return heard(new OfCards(minor, 0, 0, 0, attempt, Outcome.AUTHORIZED, List.of()));
    }

    /// Nothing is set aside any more, and nothing was taken.
    static Command ended(int attempt, Outcome outcome) {
        return heard(new OfCards(0, 0, 0, 0, attempt, outcome, List.of()));
    }

    /// What the first attempt has come to by now.
    static Command captured(long setAside, long captured, long refunded) {
        return contested(setAside, captured, refunded, 0);
    }

    /// What the first attempt has come to by now, and what a bank wants back of it or has got.
    static Command contested(long setAside, long captured, long refunded, long contested) {
        return heard(
                new OfCards(
                        setAside, captured, refunded, contested, 1, Outcome.AUTHORIZED, List.of()));
    }

    static Command heard(OfCards cards) {
        return heard(cards, OfCredit.UNKNOWN);
    }

    static Command heard(OfCards cards, OfCredit credit) {
        return new PaymentFacts.Command.RecordMoney(new MoneyStanding(cards, credit));
    }

    /// The way of an order that goes well and whose tea comes back.
    static List<Command> goingWell() {
        long first = teaValue().minor() + CREATED.shipping().total().minor();
        return List.of(
                new Command.CreateOrder(CREATED),
                reserved(CREATED),
                pending(1),
                authorized(1, GRAND),
                firm(CREATED),
                new ShipmentFacts.Command.RecordShipmentPlanned("s1", units(0, 2)),
                new ShipmentFacts.Command.RecordShipmentPlanned("s2", units(1, 3)),
                new ShipmentFacts.Command.RecordShipmentDispatched("s1", "TRACK1"),
                captured(GRAND - first, first, 0),
                new ShipmentFacts.Command.RecordShipmentDispatched("s2", "TRACK2"),
                captured(0, GRAND, 0),
                new ShipmentFacts.Command.RecordShipmentDelivered("s1", List.of(), NOON),
                new ShipmentFacts.Command.RecordShipmentDelivered("s2", List.of(), NOON),
                new ReturnFacts.Command.RecordReturnRequested("r1", units(0, 2)),
                new ReturnFacts.Command.RecordReturnReceived("r1"),
                new ReturnFacts.Command.RecordReturnClosed("r1", units(0, 2)),
                captured(0, GRAND, teaValue().minor()));
    }

    static Money teaValue() {
        return CREATED.lines().getFirst().total();
    }

    /// Most steps of [#goingWell], with anything in between.
    static Arbitrary<List<Command>> sequences() {
        Arbitrary<List<Command>> between = anything().list().ofMaxSize(3);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 7).list().ofSize(goingWell().size()),
                        between.list().ofSize(goingWell().size()))
                .as(OrderCommands::merged);
    }

    private static List<Command> merged(List<Integer> chances, List<List<Command>> between) {
        List<Command> all = new ArrayList<>();
        List<Command> steps = goingWell();
        for (int step = 0; step < steps.size(); step++) {
            if (step == 0 || chances.get(step) > 0) {
                all.add(steps.get(step));
            }
            all.addAll(between.get(step));
        }
        return all;
    }

    static Arbitrary<Command> anything() {
        return Arbitraries.oneOf(whole(), payments(), shipments(), returns(), edits());
    }

    private static Arbitrary<Command> whole() {
        Arbitrary<Command> fixed =
                Arbitraries.of(
                        new Command.CreateOrder(CREATED),
                        new Command.CreateOrder(Placing.order().placed()),
                        firm(CREATED),
                        new Command.RejectOrder(RejectReason.OUT_OF_STOCK),
                        new Command.RejectOrder(RejectReason.FRAUD),
                        new Command.PlaceHold("MANUAL", "m", Placing.NOON),
                        new Command.PlaceHold("?", null, Placing.NOON),
                        new Command.ReleaseHold("MANUAL", Placing.NOON),
                        new Command.ReleaseHold(null, Placing.NOON),
                        new Command.AddNote("note"),
                        new Command.AddNote(null),
                        new Command.RequestCancellation("enough"));
        Arbitrary<Command> lines =
                units().map(units -> new Command.CancelLines(new ArrayList<>(units), "less"));
        return Arbitraries.frequencyOf(Tuple.of(5, fixed), Tuple.of(1, lines));
    }

    private static Arbitrary<Command> payments() {
        Arbitrary<Command> standings =
                Combinators.combine(cards(), credits()).as((cards, credit) -> heard(cards, credit));
        Arbitrary<Command> grants =
                Combinators.combine(Arbitraries.of("g1", "g2", "g3", ""), amounts())
                        .as((id, amount) -> new PaymentFacts.Command.GrantCredit(id, amount, "g"));
        Arbitrary<Command> asking =
                Arbitraries.of(
                        new PaymentFacts.Command.RecordNoAnswer(),
                        new PaymentFacts.Command.RecordNoOtherCard(),
                        new PaymentFacts.Command.Pay(null, "tok_2"),
                        new PaymentFacts.Command.Pay("card", "tok_3"),
                        new PaymentFacts.Command.Pay("invoice", "tok_4"),
                        new PaymentFacts.Command.Pay("card", null));
        return Arbitraries.frequencyOf(
                Tuple.of(4, standings), Tuple.of(2, grants), Tuple.of(1, asking));
    }

    /// Any standing of cards that adds up, whatever the order has heard before.
    static Arbitrary<OfCards> cards() {
        Arbitrary<Long> sums = Arbitraries.of(0L, 0L, 1L, GRAND / 2, GRAND, GRAND + 1, 2 * GRAND);
        Arbitrary<Long> parts = Arbitraries.of(0L, 0L, 1L, GRAND / 2, GRAND);
        Arbitrary<List<String>> failing = Arbitraries.of(List.of(), List.of(), List.of("surplus"));
        return Combinators.combine(
                        sums,
                        sums,
                        parts,
                        parts,
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(Outcome.values()),
                        failing)
                .as(
                        (setAside, captured, refunded, contested, attempt, outcome, reasons) ->
                                new OfCards(
                                        setAside,
                                        captured,
                                        Math.min(refunded, captured),
                                        Math.min(contested, captured),
                                        attempt,
                                        outcome,
                                        reasons));
    }

    /// Any standing of store credit that adds up.
    private static Arbitrary<OfCredit> credits() {
        Arbitrary<Long> parts = Arbitraries.of(0L, 0L, 1L, 1000L, GRAND);
        Arbitrary<OfCredit> known =
                Combinators.combine(parts, parts, parts, parts)
                        .as(
                                (held, taken, released, back) ->
                                        new OfCredit(
                                                true,
                                                held + taken + released,
                                                held,
                                                taken,
                                                Math.min(back, taken)));
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(OfCredit.UNKNOWN)), Tuple.of(1, known));
    }

    private static Arbitrary<Money> amounts() {
        return Arbitraries.of(
                eur(GRAND),
                eur(GRAND / 2),
                eur(GRAND + 1),
                eur(1),
                eur(0),
                eur(-1),
                eur(Long.MAX_VALUE),
                eur(Long.MIN_VALUE),
                Money.of(GRAND, "USD"));
    }

    private static Arbitrary<Command> shipments() {
        Arbitrary<String> ids = Arbitraries.of("s1", "s2", "s3", "s4", "");
        return Combinators.combine(Arbitraries.integers().between(0, 10), ids, units())
                .as(
                        (kind, id, units) ->
                                switch (kind) {
                                    case 0 ->
                                            new ShipmentFacts.Command.RecordShipmentPlanned(
                                                    id, units);
                                    case 1 -> stock(units);
                                    case 2 ->
                                            new ShipmentFacts.Command.RecordShipmentDispatched(
                                                    id, "T" + id);
                                    case 3 ->
                                            new ShipmentFacts.Command.RecordShipmentDelivered(
                                                    id, units, NOON);
                                    case 4 ->
                                            new ShipmentFacts.Command.RecordShipmentLost(id, units);
                                    case 5 -> missing(units);
                                    case 6 -> lying(units);
                                    case 7 ->
                                            new ShipmentFacts.Command.ReleaseShipment(id, "T" + id);
                                    case 8 -> new ShipmentFacts.Command.PresumeDelivered(id, NOON);
                                    case 9 -> together(id, units);
                                    default ->
                                            new ShipmentFacts.Command.RecordShipmentCancelled(id);
                                });
    }

    /// All that a courier can tell of a shipment that has left.
    private static Command together(String id, List<LineUnits> units) {
        return new ShipmentFacts.Command.RecordShipments(
                List.of(
                        new ShipmentFacts.Command.RecordShipmentDispatched(id, "T" + id),
                        new ShipmentFacts.Command.RecordShipmentLost(id, units),
                        new ShipmentFacts.Command.RecordShipmentDelivered(id, units, NOON)));
    }

    private static Arbitrary<Command> returns() {
        Arbitrary<String> ids = Arbitraries.of("r1", "r2", "r3", "");
        return Combinators.combine(Arbitraries.integers().between(0, 2), ids, units())
                .as(
                        (kind, id, units) ->
                                switch (kind) {
                                    case 0 ->
                                            new ReturnFacts.Command.RecordReturnRequested(
                                                    id, units);
                                    case 1 -> new ReturnFacts.Command.RecordReturnReceived(id);
                                    default ->
                                            new ReturnFacts.Command.RecordReturnClosed(id, units);
                                });
    }

    private static Arbitrary<Command> edits() {
        Address there = CREATED.address();
        Address near =
                new Address("Eva", "Allee 2", null, "Berlin", null, "10117", there.country());
        Address far = new Address("Eva", "Rue 1", null, "Paris", null, "75001", "FR");
        Arbitrary<Command> fixed =
                Arbitraries.of(
                        new Edits.Command.ApplyEdit(),
                        new Edits.Command.DiscardEdit(),
                        new Edits.Command.ChangeAddress(near),
                        new Edits.Command.ChangeAddress(far));
        Arbitrary<Command> proposals =
                Combinators.combine(
                                units(), Arbitraries.of(List.<PricedLine>of(), List.of(spare())))
                        .as(Edits.Command.ProposeEdit::new);
        return Arbitraries.oneOf(fixed, proposals);
    }

    private static Arbitrary<List<LineUnits>> units() {
        Arbitrary<LineUnits> one =
                Combinators.combine(
                                Arbitraries.integers().between(-1, 2),
                                Arbitraries.integers().between(0, 4))
                        .as(LineUnits::new);
        return one.list().ofMaxSize(2);
    }
}
