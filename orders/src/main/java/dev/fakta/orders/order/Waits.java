// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.order.Axes.HoldKind;
import dev.fakta.orders.order.Axes.Lifecycle;
import dev.fakta.orders.order.MoneyStanding.Outcome;
import dev.fakta.orders.order.Waiting.Actor;
import dev.fakta.orders.order.Waiting.Code;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Finds what an order waits for: each rule looks at one side of its state. Only when none of them
/// knows anything does the order wait for its own next step.
record Waits(Order order) {

    private static final List<Function<Waits, List<Waiting>>> RULES =
            List.of(
                    Waits::holds,
                    Waits::attentions,
                    Waits::codes,
                    Waits::stock,
                    Waits::money,
                    Waits::shipments,
                    Waits::refunds,
                    Waits::returns);

    List<Waiting> all() {
        List<Waiting> all = new ArrayList<>();
        for (Function<Waits, List<Waiting>> rule : RULES) {
            all.addAll(rule.apply(this));
        }
        return all.isEmpty() && isLive() ? List.of(nextStep()) : List.copyOf(all);
    }

    private boolean isLive() {
        return isCreated() || order.lifecycle() == Lifecycle.CONFIRMED;
    }

    private boolean isCreated() {
        return order.lifecycle() == Lifecycle.CREATED;
    }

    private List<Waiting> holds() {
        return order.isClosed()
                ? List.of()
                : order.holds().stream()
                        .map(
                                hold ->
                                        Waiting.on(
                                                        Code.HOLD,
                                                        Actor.STAFF,
                                                        "Somebody has to release the hold: nothing is shipped before.")
                                                .about(hold.kind().name())
                                                .to(endWhileCreated()))
                        .toList();
    }

    private List<Waiting> attentions() {
        return order.attentions().stream()
                .map(
                        attention ->
                                Waiting.on(
                                                Code.ATTENTION,
                                                Actor.STAFF,
                                                "Somebody has to look at what does not fit, and to settle it.")
                                        .about(attention.topic().name()))
                .toList();
    }

    private List<Waiting> codes() {
        return order.unansweredCodes().isEmpty()
                ? List.of()
                : List.of(
                        Waiting.on(
                                        Code.CODES,
                                        Actor.SYSTEM,
                                        "The campaigns have to say whether it has its codes.")
                                .from(order.codes().isEmpty() ? order.agreed().placedAt() : null));
    }

    private List<Waiting> stock() {
        List<Waiting> all = new ArrayList<>();
        if (!order.unansweredNeeds().isEmpty() || (isLive() && isAnyUnitUnknown())) {
            boolean isFirst = order.stock().lines().isEmpty();
            all.add(
                    Waiting.on(
                                    Code.STOCK_ANSWER,
                                    Actor.SYSTEM,
                                    "Stock has to say what it keeps for the order.")
                            .from(isFirst ? order.agreed().placedAt() : null)
                            .to(endWhileCreated()));
        }
        if (isLive() && order.ledger().sum(Quantities::backordered) > 0) {
            all.add(
                    Waiting.on(
                            Code.BACKORDER,
                            Actor.WAREHOUSE,
                            "Goods have to come in: not all of it is in stock."));
        }
        return all;
    }

    /// Whether a unit is open that neither lies there nor is waited for.
    private boolean isAnyUnitUnknown() {
        long there = 0;
        for (String location : order.agreed().locations()) {
            for (LineUnits units : order.shippable(location)) {
                there += units.quantity();
            }
        }
        UnitLedger ledger = order.ledger();
        return ledger.sum(Quantities::open) > there + ledger.sum(Quantities::backordered);
    }

    private List<Waiting> money() {
        if (!isLive()) {
            return List.of();
        }
        Account account = order.account();
        if (account.isOwed()) {
            return List.of(isCardMissing() ? anotherCard() : paymentAnswer());
        }
        if (!account.isSecured() && !isCreated()) {
            return List.of(
                    Waiting.on(
                            Code.PAYMENT_REQUEST,
                            Actor.SYSTEM,
                            "The money for what was added has to be asked for."));
        }
        MoneyLedger money = order.money();
        boolean isToTake = account.wish().take() > money.cards().captured();
        return isToTake && money.cards().open() > 0
                ? List.of(
                        Waiting.on(
                                Code.CAPTURE,
                                Actor.PROVIDER,
                                "The provider has to take the money for what has left."))
                : List.of();
    }

    /// Whether nothing that is known of can pay: the newest card was declined or failed, or there
    /// is none.
    private boolean isCardMissing() {
        MoneyLedger money = order.money();
        Outcome outcome = money.card().outcome();
        boolean isRefused = outcome != Outcome.NONE && outcome != Outcome.PENDING;
        boolean isNone = order.moneyWish().card() == null;
        boolean waitsForCredit =
                order.agreed().payment().usesStoreCredit() && !money.isCreditKnown();
        return isRefused
                || (isNone && !waitsForCredit)
                || (outcome == Outcome.NONE && order.isHeldFor(HoldKind.PAYMENT_RISK));
    }

    private Waiting anotherCard() {
        return Waiting.on(
                        Code.ANOTHER_CARD,
                        Actor.CUSTOMER,
                        "The customer has to give another card: what is due is not promised.")
                .to(endWhileCreated());
    }

    private static Waiting paymentAnswer() {
        return Waiting.on(
                Code.PAYMENT_ANSWER,
                Actor.PROVIDER,
                "The provider has to say whether the money is there.");
    }

    private List<Waiting> shipments() {
        List<Waiting> all = new ArrayList<>();
        if (isLive() && order.canBeShipped()) {
            all.add(Waiting.on(Code.PLANNING, Actor.SYSTEM, "A shipment has to be planned."));
        }
        for (UnitLedger.Shipment shipment : order.units().shipments()) {
            switch (shipment.stage()) {
                case PLANNED -> all.add(warehouse(shipment));
                case DISPATCHED -> {
                    if (!order.isClosed()) {
                        all.add(delivery(shipment));
                    }
                }
                case DELIVERED, LOST, CANCELLED -> {}
            }
        }
        return all;
    }

    private static Waiting warehouse(UnitLedger.Shipment shipment) {
        return Waiting.on(
                        Code.WAREHOUSE,
                        Actor.WAREHOUSE,
                        "The warehouse has to pick, pack and dispatch the shipment.")
                .about(shipment.id());
    }

    private static Waiting delivery(UnitLedger.Shipment shipment) {
        return Waiting.on(
                        Code.DELIVERY,
                        Actor.CARRIER,
                        "The carrier has to deliver the shipment; unheard of for long, it counts as delivered.")
                .about(shipment.id());
    }

    private List<Waiting> refunds() {
        MoneyLedger money = order.money();
        return money.asked() > money.refunded()
                ? List.of(
                        Waiting.on(
                                Code.REFUND,
                                Actor.PROVIDER,
                                "Money has to be given back to the customer."))
                : List.of();
    }

    private List<Waiting> returns() {
        List<Waiting> all = new ArrayList<>();
        for (UnitLedger.Returning returning : order.units().returns()) {
            switch (returning.stage()) {
                case REQUESTED ->
                        all.add(
                                Waiting.on(
                                                Code.RETURN,
                                                Actor.CUSTOMER,
                                                "The return has to be approved, and the customer to send it.")
                                        .about(returning.id()));
                case RECEIVED ->
                        all.add(
                                Waiting.on(
                                                Code.RETURN,
                                                Actor.STAFF,
                                                "Somebody has to inspect the return.")
                                        .about(returning.id()));
                case CLOSED -> {}
            }
        }
        return all;
    }

    /// Nothing and nobody else is waited for.
    private Waiting nextStep() {
        if (!isCreated()) {
            return Waiting.on(Code.COMPLETION, Actor.SYSTEM, "The order has to be completed.");
        }
        return order.isSecured()
                ? Waiting.on(Code.CONFIRMATION, Actor.SYSTEM, "The order has to be confirmed.")
                : Waiting.on(
                                Code.PAYMENT_REQUEST,
                                Actor.SYSTEM,
                                "The money for the order has to be asked for.")
                        .from(order.agreed().placedAt());
    }

    /// As long as an order is not confirmed, it ends when stock is not kept for it any more.
    private @Nullable Instant endWhileCreated() {
        return isCreated() ? new StockNeeds(order).keptUntil() : null;
    }
}
