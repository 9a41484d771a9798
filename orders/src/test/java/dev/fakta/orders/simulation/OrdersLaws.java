// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaState;
import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.order.Axes;
import dev.fakta.orders.order.CodeUse;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.PaymentFacts;
import dev.fakta.orders.order.StockNeed;
import dev.fakta.orders.order.Waiting;
import dev.fakta.orders.order.Waiting.Code;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.provider.ProviderNotice;
import dev.fakta.orders.shipping.Parcel;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.testkit.World;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What must hold in a world of orders: after every step, and when all is quiet.
record OrdersLaws(World world, ScriptedProvider provider, List<Saga<?, ?>> sagas) {

    static final String MONEY_AGREES = "W1 order, payment and provider agree to the cent";
    static final String EARNED_IS_KEPT = "W2 what was earned is kept, or somebody is told";
    static final String NOTHING_OVERSOLD = "W4 no more is reserved than lies there";
    static final String STOCK_AGREES =
            "W4 what an order needs is what stock has for it, and has let go";
    static final String CODES_AGREE = "W4 an order has of its codes what it wants of them";
    static final String NOBODY_WAITS = "W5 no order waits for nothing";
    static final String NO_SAGA_STANDS = "W5 no saga is parked";
    static final String EVERY_RETURN_ENDS = "W5 a return that was looked at ends";
    static final String UNITS_COME_BACK =
            "W5 units that are set aside to come back are those of a return";
    static final String TOKENS_STAY_INSIDE = "S no fact carries a card's token in the clear";
    static final String NOTHING_LEFT = "W6 after the end nothing is reserved or set aside";

    private static final PaymentFacts.Command.Pay ANOTHER_CARD =
            new PaymentFacts.Command.Pay("card", "sealed");

    /// All laws that hold.
    static final Set<String> ALL =
            Set.of(
                    MONEY_AGREES,
                    EARNED_IS_KEPT,
                    NOTHING_OVERSOLD,
                    STOCK_AGREES,
                    CODES_AGREE,
                    NOBODY_WAITS,
                    NO_SAGA_STANDS,
                    EVERY_RETURN_ENDS,
                    UNITS_COME_BACK,
                    TOKENS_STAY_INSIDE,
                    NOTHING_LEFT);

    void hold(Set<String> laws) {
        if (laws.contains(NOTHING_OVERSOLD)) {
            world.always(NOTHING_OVERSOLD, this::nothingOversold);
        }
        Map<String, Runnable> quiet = new LinkedHashMap<>();
        quiet.put(NO_SAGA_STANDS, this::noSagaStands);
        quiet.put(MONEY_AGREES, this::moneyAgrees);
        quiet.put(STOCK_AGREES, this::stockAgrees);
        quiet.put(CODES_AGREE, this::codesAgree);
        quiet.put(EARNED_IS_KEPT, this::earnedIsKept);
        quiet.put(NOBODY_WAITS, this::nobodyWaits);
        quiet.put(NOTHING_LEFT, this::nothingLeft);
        ReturnsDesk returns = new ReturnsDesk(world);
        quiet.put(EVERY_RETURN_ENDS, returns::everyReturnEnds);
        quiet.put(UNITS_COME_BACK, returns::unitsAreSetAsideForReturns);
        quiet.put(TOKENS_STAY_INSIDE, this::tokensStayInside);
        quiet.keySet().retainAll(laws);
        quiet.forEach(world::whenQuiet);
    }

    /// When more has left than lay there, on hand is below zero, and nothing may be reserved.
    private void nothingOversold() {
        for (StockItem item : world.states(StockItem.AGGREGATE).values()) {
            if (item.reservations().reserved() > Math.max(0, item.onHand())) {
                throw new AssertionError("more is reserved than is on hand: " + item);
            }
        }
    }

    private void stockAgrees() {
        world.states(Order.AGGREGATE)
                .forEach(
                        (id, order) -> {
                            for (StockNeed need : order.needs()) {
                                String item = StockItem.Command.idOf(need.sku(), need.location());
                                StockItem.Standing standing =
                                        world.state(StockItem.AGGREGATE, item)
                                                .standing(id, need.line());
                                assertThat(standing.reserved() + standing.waiting())
                                        .as("%s: what %s has for %s", id, item, need)
                                        .isEqualTo(need.units());
                                assertThat(left(item, id, need.line()))
                                        .as("%s: what has left %s of %s", id, item, need)
                                        .isEqualTo(need.left());
                            }
                        });
    }

    private void codesAgree() {
        world.states(Order.AGGREGATE)
                .forEach(
                        (id, order) -> {
                            for (CodeUse use : order.codeUses()) {
                                assertThat(
                                                world.state(Campaign.AGGREGATE, use.campaign())
                                                        .standing(id, use.code())
                                                        .is())
                                        .as("%s %s: %s", id, order.standing(), use)
                                        .isEqualTo(use.wanted());
                            }
                        });
    }

    private long left(String item, String order, int line) {
        return world.events(StockItem.AGGREGATE, item).stream()
                .filter(StockItem.Event.StockLeft.class::isInstance)
                .map(StockItem.Event.StockLeft.class::cast)
                .filter(left -> left.order().equals(order) && left.line() == line)
                .mapToLong(StockItem.Event.StockLeft::quantity)
                .sum();
    }

    private void noSagaStands() {
        assertThat(world.stuckErrands()).isEmpty();
        for (Saga<?, ?> saga : sagas) {
            world.instances(saga)
                    .forEach(
                            (id, state) ->
                                    assertThat(state.status())
                                            .as("%s %s: %s", saga, id, state.reason())
                                            .isNotEqualTo(SagaState.Status.PARKED));
        }
    }

    private void moneyAgrees() {
        world.states(Order.AGGREGATE)
                .forEach(
                        (id, order) -> {
                            Payment payment = world.state(Payment.AGGREGATE, id);
                            assertThat(payment.captured() + payment.overcharged())
                                    .as("%s: taken, by payment and provider", id)
                                    .isEqualTo(
                                            provider.captured(id)
                                                    - (provider.refunded(id) - payment.refunded()));
                            assertThat(order.money().captured())
                                    .as("%s: taken, by order and payment", id)
                                    .isEqualTo(payment.captured());
                            assertThat(order.money().refunded())
                                    .as("%s: given back, by order and payment", id)
                                    .isEqualTo(payment.refunded());
                        });
    }

    private void earnedIsKept() {
        world.states(Order.AGGREGATE)
                .forEach(
                        (id, order) -> {
                            boolean isDisputed = order.money().contested() > 0;
                            if (order.attentions().isEmpty()
                                    && order.holds().isEmpty()
                                    && !isDisputed) {
                                assertThat(order.money().kept())
                                        .as("%s %s: kept", id, order.standing())
                                        .isEqualTo(order.account().earned());
                            }
                        });
    }

    /// The provider gets them in the clear, and nobody else.
    private void tokensStayInside() {
        for (Aggregate<?, ?, ?> aggregate :
                List.of(Order.AGGREGATE, Payment.AGGREGATE, ProviderNotice.AGGREGATE)) {
            for (String id : world.states(aggregate).keySet()) {
                assertThat(world.events(aggregate, id).toString()).doesNotContain("tok_");
            }
        }
        for (Saga<?, ?> saga : sagas) {
            assertThat(world.instances(saga).toString()).doesNotContain("tok_");
        }
        assertThat(provider.tokens()).isSubsetOf("tok_ok", "tok_bad");
    }

    private void nobodyWaits() {
        world.states(Order.AGGREGATE)
                .forEach(
                        (id, order) -> {
                            boolean isPlanned =
                                    world.states(Shipment.AGGREGATE).values().stream()
                                            .anyMatch(
                                                    shipment ->
                                                            id.equals(shipment.order())
                                                                    && isUnderWay(shipment));
                            boolean waits =
                                    order.payment() == Axes.Payment.DECLINED
                                            || waitsForCard(order)
                                            || waitsForStock(id)
                                            || isPlanned
                                            || !order.holds().isEmpty()
                                            || !order.attentions().isEmpty();
                            if (!order.isClosed() && !waits) {
                                assertThat(order.standing())
                                        .as("%s waits for nothing: %s", id, order.ledger())
                                        .isNull();
                            }
                        });
    }

    /// Also when some of the money was there: the order says so, and takes a card.
    private static boolean waitsForCard(Order order) {
        return Waiting.of(order).stream().anyMatch(one -> one.code() == Code.ANOTHER_CARD)
                && Order.AGGREGATE.decide(order, ANOTHER_CARD) instanceof Decision.Accepted<?>;
    }

    private boolean waitsForStock(String id) {
        return world.states(StockItem.AGGREGATE).values().stream()
                .flatMap(item -> item.reservations().live().values().stream())
                .anyMatch(one -> one.order().equals(id) && one.backordered() > 0);
    }

    static boolean isUnderWay(Shipment shipment) {
        return switch (shipment.stage()) {
            case PLANNED, PICKED, PACKED -> true;
            case DISPATCHED ->
                    shipment.parcels().stream()
                            .anyMatch(parcel -> parcel.status() == Parcel.Status.DISPATCHED);
            case NONE, CANCELLED -> false;
        };
    }

    private void nothingLeft() {
        world.states(Order.AGGREGATE)
                .forEach(
                        (id, order) -> {
                            if (order.isClosed()) {
                                assertThat(provider.setAside(id))
                                        .as("%s %s: set aside", id, order.standing())
                                        .isZero();
                                world.states(StockItem.AGGREGATE)
                                        .forEach(
                                                (stock, item) ->
                                                        assertThat(
                                                                        item.reservations()
                                                                                .live()
                                                                                .keySet())
                                                                .as("%s at %s", id, stock)
                                                                .noneMatch(
                                                                        key ->
                                                                                key.startsWith(
                                                                                        id + "/")));
                            }
                        });
    }
}
