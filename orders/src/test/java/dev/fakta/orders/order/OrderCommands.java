// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.pricing.PricedLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

    /// A line as it could be added.
    static PricedLine spare() {
        return Placing.order().lines(Placing.line("cup", 1L)).placed().lines().getFirst();
    }

    /// The way of an order that goes well and whose tea comes back.
    static List<Command> goingWell() {
        return List.of(
                new Command.CreateOrder(CREATED),
                new PaymentFacts.Command.RecordPaymentPending("p/0"),
                new PaymentFacts.Command.RecordPaymentAuthorized("p/1", eur(GRAND)),
                new Command.ConfirmOrder(),
                new ShipmentFacts.Command.RecordShipmentPlanned("s1", units(0, 2)),
                new ShipmentFacts.Command.RecordShipmentPlanned("s2", units(1, 3)),
                new ShipmentFacts.Command.RecordShipmentDispatched("s1", "TRACK1"),
                new ShipmentFacts.Command.RecordShipmentDispatched("s2", "TRACK2"),
                new PaymentFacts.Command.RecordPaymentCaptured("p/2", eur(GRAND)),
                new ShipmentFacts.Command.RecordShipmentDelivered("s1", List.of(), NOON),
                new ShipmentFacts.Command.RecordShipmentDelivered("s2", List.of(), NOON),
                new Command.CompleteOrder(),
                new ReturnFacts.Command.RecordReturnRequested("r1", units(0, 2)),
                new ReturnFacts.Command.RecordReturnReceived("r1"),
                new ReturnFacts.Command.RecordReturnClosed("r1", units(0, 2), teaValue()),
                new PaymentFacts.Command.RecordPaymentRefunded("p/3", teaValue()));
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
                        new Command.ConfirmOrder(),
                        new Command.RejectOrder(RejectReason.OUT_OF_STOCK),
                        new Command.RejectOrder(RejectReason.FRAUD),
                        new Command.PlaceHold("MANUAL", "m"),
                        new Command.PlaceHold("?", null),
                        new Command.ReleaseHold("MANUAL"),
                        new Command.ReleaseHold(null),
                        new Command.AddNote("note"),
                        new Command.AddNote(null),
                        new Command.RequestCancellation("enough"),
                        new Command.CompleteCancellation(),
                        new Command.CompleteOrder());
        Arbitrary<Command> lines =
                units().map(units -> new Command.CancelLines(new ArrayList<>(units), "less"));
        return Arbitraries.frequencyOf(Tuple.of(5, fixed), Tuple.of(1, lines));
    }

    private static Arbitrary<Command> payments() {
        Arbitrary<String> references = Arbitraries.of("p/1", "p/2", "a", "b", "c", "d", "e", "");
        return Combinators.combine(Arbitraries.integers().between(0, 8), references, amounts())
                .as(
                        (kind, reference, amount) ->
                                switch (kind) {
                                    case 0 ->
                                            new PaymentFacts.Command.RecordPaymentPending(
                                                    reference);
                                    case 1 ->
                                            new PaymentFacts.Command.RecordPaymentAuthorized(
                                                    reference, amount);
                                    case 2 ->
                                            new PaymentFacts.Command.RecordPaymentDeclined(
                                                    reference);
                                    case 3 ->
                                            new PaymentFacts.Command.RecordPaymentCaptured(
                                                    reference, amount);
                                    case 4 ->
                                            new PaymentFacts.Command.RecordPaymentRefunded(
                                                    reference, amount);
                                    case 5 ->
                                            new PaymentFacts.Command.RecordPaymentVoided(
                                                    reference, amount);
                                    case 7 ->
                                            new PaymentFacts.Command.RecordStoreCreditAuthorized(
                                                    reference, amount);
                                    case 6 ->
                                            new PaymentFacts.Command.RecordPaymentExpired(
                                                    reference, amount);
                                    default ->
                                            new PaymentFacts.Command.RecordPaymentDisputed(
                                                    reference, amount);
                                });
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
        return Combinators.combine(Arbitraries.integers().between(0, 5), ids, units())
                .as(
                        (kind, id, units) ->
                                switch (kind) {
                                    case 0 ->
                                            new ShipmentFacts.Command.RecordShipmentPlanned(
                                                    id, units);
                                    case 1 -> new ShipmentFacts.Command.RecordBackordered(units);
                                    case 2 ->
                                            new ShipmentFacts.Command.RecordShipmentDispatched(
                                                    id, "T" + id);
                                    case 3 ->
                                            new ShipmentFacts.Command.RecordShipmentDelivered(
                                                    id, units, NOON);
                                    case 4 -> new ShipmentFacts.Command.RecordShipmentLost(id);
                                    default ->
                                            new ShipmentFacts.Command.RecordShipmentCancelled(id);
                                });
    }

    private static Arbitrary<Command> returns() {
        Arbitrary<String> ids = Arbitraries.of("r1", "r2", "r3", "");
        Arbitrary<Money> refunds = Arbitraries.of(eur(0), teaValue(), eur(GRAND), eur(-1));
        return Combinators.combine(Arbitraries.integers().between(0, 2), ids, units(), refunds)
                .as(
                        (kind, id, units, refund) ->
                                switch (kind) {
                                    case 0 ->
                                            new ReturnFacts.Command.RecordReturnRequested(
                                                    id, units);
                                    case 1 -> new ReturnFacts.Command.RecordReturnReceived(id);
                                    default ->
                                            new ReturnFacts.Command.RecordReturnClosed(
                                                    id, units, refund);
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
