// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaState;
import dev.fakta.orders.OrdersMicrosystem;
import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.campaign.CampaignRoutes;
import dev.fakta.orders.campaign.Definitions;
import dev.fakta.orders.catalog.CatalogMicrosystem;
import dev.fakta.orders.catalog.Product;
import dev.fakta.orders.inventory.InventoryMicrosystem;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.Axes;
import dev.fakta.orders.order.CodeUse;
import dev.fakta.orders.order.EditOrder;
import dev.fakta.orders.order.Edits;
import dev.fakta.orders.order.GiveCard;
import dev.fakta.orders.order.Holds;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.OrderRules;
import dev.fakta.orders.order.PaymentFacts;
import dev.fakta.orders.order.PlaceOrder;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.order.PullBack;
import dev.fakta.orders.order.StockNeed;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.PaymentsMicrosystem;
import dev.fakta.orders.payments.SealedTokens;
import dev.fakta.orders.payments.provider.Pace;
import dev.fakta.orders.payments.provider.ProviderNotice;
import dev.fakta.orders.shipping.Parcel;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.orders.shipping.ShipmentRoutes;
import dev.fakta.orders.shipping.ShippingMicrosystem;
import dev.fakta.runtime.Reply;
import dev.fakta.testkit.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/// A small shop: two products, up to three orders, whoever may do something to them at any time,
/// and a provider whose answers get lost.
final class OrdersWorld {

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

    /// All laws that hold.
    static final Set<String> LAWS =
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

    private static final SealedTokens TOKENS =
            SealedTokens.of(List.of(new byte[SealedTokens.KEY_BYTES]));
    private static final Processor<PlaceOrder, Order.Command> PLACE =
            OrdersMicrosystem.placing(OrderRules.plain(), TOKENS::seal);
    private static final Processor<GiveCard, Order.Command> PAY = GiveCard.sealing(TOKENS::seal);

    private static final List<String> SKUS = List.of("tea", "cup");
    private static final String CAMPAIGN = "sun";
    private static final String CODE = "SUN";
    private static final int ORDERS = 3;

    private final World world;
    private final ScriptedProvider provider;
    private final List<Saga<?, ?>> sagas = new ArrayList<>();
    private final ReturnsDesk returns;

    private OrdersWorld(World world) {
        this.world = world;
        this.provider = new ScriptedProvider(world);
        this.returns = new ReturnsDesk(world);
    }

    /// @param laws which of them must hold
    static void prepare(World world, Set<String> laws) {
        new OrdersWorld(world).set(laws);
    }

    private void set(Set<String> laws) {
        for (Microsystem microsystem :
                List.of(
                        OrdersMicrosystem.of(OrderRules.plain(), TOKENS::seal),
                        CatalogMicrosystem.DEFINITION,
                        InventoryMicrosystem.DEFINITION,
                        PaymentsMicrosystem.asking(provider, Pace.calm(), TOKENS),
                        ShippingMicrosystem.DEFINITION)) {
            world.with(microsystem);
            sagas.addAll(microsystem.sagas());
        }
        RandomGenerator random = world.random();
        for (String sku : SKUS) {
            world.send(
                    Product.AGGREGATE,
                    sku,
                    new Product.Command.ListProduct(
                            sku,
                            List.of(eur(1_000 + random.nextInt(999))),
                            null,
                            100L,
                            null,
                            null));
            world.send(
                    StockItem.AGGREGATE,
                    stock(sku),
                    new StockItem.Command.Count(sku, null, (long) random.nextInt(20)));
            world.send(
                    StockItem.AGGREGATE,
                    stock(sku),
                    new StockItem.Command.AllowBackorders(random.nextBoolean()));
        }
        world.process(
                CampaignRoutes.DEFINE,
                CAMPAIGN,
                Definitions.percentage("10")
                        .codes(CODE)
                        .uses(1L + random.nextInt(3), null)
                        .command());
        world.actor("customer", 16, this::customer);
        world.actor("operator", 6, this::operator);
        world.actor("a bank", 2, this::bank);
        world.worker("warehouse", this::warehouse);
        world.worker("returns desk", returns::inspect);
        world.worker("customer at home", returns::sendBack);
        world.actor("stock keeper", 6, this::stockKeeper);
        addLaws(laws);
    }

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }

    private static String stock(String sku) {
        return StockItem.Command.idOf(sku, null);
    }

    private static String order(RandomGenerator random) {
        return "order-" + random.nextInt(ORDERS);
    }

    private void customer(RandomGenerator random) {
        String id = order(random);
        switch (random.nextInt(11)) {
            case 0, 1, 2 -> world.process(PLACE, id, request(random));
            case 8, 9 -> world.process(PAY, id, new GiveCard("card", "tok_ok"));
            case 3 ->
                    world.send(
                            Order.AGGREGATE, id, new Order.Command.RequestCancellation("why not"));
            case 4 ->
                    world.process(
                            PullBack.CANCEL_LINES,
                            id,
                            new Order.Command.CancelLines(oneUnit(random), "too many"));
            case 5 ->
                    world.process(
                            EditOrder.DEFINITION,
                            id,
                            new EditOrder.Change(
                                    random.nextBoolean() ? oneUnit(random) : null,
                                    List.of(line(random))));
            case 6 -> world.process(PullBack.APPLY_EDIT, id, new Edits.Command.ApplyEdit());
            case 10 ->
                    world.process(
                            EditOrder.ADDRESS,
                            id,
                            new EditOrder.Move(
                                    new PlaceOrder.Destination(
                                            "Eva",
                                            "Allee " + random.nextInt(3),
                                            null,
                                            "Hof",
                                            "Bayern",
                                            "95028",
                                            "DE")));
            default ->
                    world.send(
                            Order.AGGREGATE,
                            id,
                            new PaymentFacts.Command.GrantCredit(
                                    "claim-" + random.nextInt(2), eur(150), "broken"));
        }
    }

    static List<LineUnits> oneUnit(RandomGenerator random) {
        return List.of(new LineUnits(random.nextInt(2), 1 + random.nextInt(2)));
    }

    private static PlaceOrder.Line line(RandomGenerator random) {
        return new PlaceOrder.Line(
                SKUS.get(random.nextInt(SKUS.size())), 1L + random.nextInt(3), null);
    }

    private static PlaceOrder request(RandomGenerator random) {
        List<PlaceOrder.Line> lines = new ArrayList<>(List.of(line(random)));
        if (random.nextBoolean()) {
            lines.add(line(random));
        }
        return new PlaceOrder(
                "customer-1",
                "eva@example.com",
                "EUR",
                lines,
                random.nextBoolean() ? List.of(CODE) : null,
                new PlaceOrder.Shipping(
                        "standard",
                        new PlaceOrder.Destination(
                                "Eva", "Allee 1", null, "Berlin", null, "10115", "DE")),
                new PlaceOrder.Payment("card", random.nextInt(8) == 0 ? "tok_bad" : "tok_ok"),
                null);
    }

    private void operator(RandomGenerator random) {
        String id = order(random);
        switch (random.nextInt(20)) {
            case 0, 5, 6 -> world.process(Holds.PLACE, id, new Holds.Placing(held(random), "look"));
            case 1, 2, 7, 8, 9, 10 ->
                    world.process(Holds.RELEASE, id, new Holds.Releasing(held(random)));
            case 3, 11 -> world.process(Holds.RELEASE, id, new Holds.Releasing("PAYMENT_RISK"));
            case 4 ->
                    world.send(
                            Order.AGGREGATE, id, new Order.Command.RejectOrder(RejectReason.FRAUD));
            default ->
                    world.send(
                            Order.AGGREGATE,
                            id,
                            new PaymentFacts.Command.GrantCredit(
                                    "goodwill-" + random.nextInt(3), eur(100), "sorry"));
        }
    }

    private static String held(RandomGenerator random) {
        return random.nextInt(3) == 0 ? "FRAUD_REVIEW" : "MANUAL";
    }

    /// A customer's bank wants money back, and may be wrong.
    private void bank(RandomGenerator random) {
        String id = order(random);
        Payment payment = world.state(Payment.AGGREGATE, id);
        if (payment.captured() > 0) {
            boolean isNew = payment.disputes().isEmpty();
            world.send(
                    Payment.AGGREGATE,
                    id,
                    isNew
                            ? new Payment.Command.Fact.RecordDispute(
                                    "d1", eur(payment.captured()), "fraud", null)
                            : new Payment.Command.Fact.RecordDisputeClosed(
                                    "d1", random.nextBoolean(), null));
        }
    }

    /// Goes a step on with one of the shipments that are under way.
    private boolean warehouse(RandomGenerator random) {
        List<Map.Entry<String, Shipment>> all =
                world.states(Shipment.AGGREGATE).entrySet().stream()
                        .filter(each -> isUnderWay(each.getValue()))
                        .toList();
        if (all.isEmpty()) {
            return false;
        }
        Map.Entry<String, Shipment> one = all.get(random.nextInt(all.size()));
        String id = one.getKey();
        Shipment shipment = one.getValue();
        boolean[] isTaken = {true};
        switch (shipment.stage()) {
            case PLANNED -> world.send(Shipment.AGGREGATE, id, new Shipment.Command.Pick());
            case PICKED -> world.send(Shipment.AGGREGATE, id, packing(shipment));
            case PACKED ->
                    world.process(
                            ShipmentRoutes.DISPATCH,
                            id,
                            new Shipment.Command.Dispatch(
                                    List.of(new Shipment.Label("p1", "dhl", "T" + id)), eur(400)),
                            Set.of(),
                            reply -> isTaken[0] = reply instanceof Reply.Accepted);
            case DISPATCHED ->
                    world.send(
                            Shipment.AGGREGATE,
                            id,
                            random.nextInt(5) == 0
                                    ? new Shipment.Command.RecordLost("p1", "lost")
                                    : new Shipment.Command.RecordDelivered("p1", world.now()));
            case NONE, CANCELLED -> {}
        }
        return isTaken[0];
    }

    private static Shipment.Command packing(Shipment shipment) {
        return new Shipment.Command.Pack(
                List.of(new Shipment.Packed("p1", 100, contents(shipment))));
    }

    private static List<Parcel.Content> contents(Shipment shipment) {
        return shipment.lines().stream()
                .map(line -> new Parcel.Content(line.line(), line.quantity()))
                .toList();
    }

    private void stockKeeper(RandomGenerator random) {
        String sku = SKUS.get(random.nextInt(SKUS.size()));
        switch (random.nextInt(3)) {
            case 0 ->
                    world.send(
                            StockItem.AGGREGATE,
                            stock(sku),
                            new StockItem.Command.Count(sku, null, (long) random.nextInt(6)));
            case 1 ->
                    world.send(
                            StockItem.AGGREGATE,
                            stock(sku),
                            new StockItem.Command.Receive((long) random.nextInt(1, 6), null));
            default ->
                    world.send(
                            StockItem.AGGREGATE,
                            stock(sku),
                            new StockItem.Command.WriteOff(1L, "broken", null));
        }
    }

    private void addLaws(Set<String> laws) {
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
        quiet.put(EVERY_RETURN_ENDS, returns::everyReturnEnds);
        quiet.put(UNITS_COME_BACK, returns::unitsAreSetAsideForReturns);
        quiet.put(TOKENS_STAY_INSIDE, this::tokensStayInside);
        quiet.keySet().retainAll(laws);
        quiet.forEach(world::whenQuiet);
    }

    /// When more has left than lay there, on hand is below zero, and nothing may be reserved.
    private void nothingOversold() {
        world.states(StockItem.AGGREGATE)
                .forEach(
                        (id, item) ->
                                assertThat(item.reservations().reserved())
                                        .as(id)
                                        .isLessThanOrEqualTo(Math.max(0, item.onHand())));
    }

    private void stockAgrees() {
        world.states(Order.AGGREGATE)
                .forEach(
                        (id, order) -> {
                            for (StockNeed need : order.needs()) {
                                String item = stock(need.sku());
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

    private boolean waitsForStock(String id) {
        return world.states(StockItem.AGGREGATE).values().stream()
                .flatMap(item -> item.reservations().live().values().stream())
                .anyMatch(one -> one.order().equals(id) && one.backordered() > 0);
    }

    private static boolean isUnderWay(Shipment shipment) {
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
