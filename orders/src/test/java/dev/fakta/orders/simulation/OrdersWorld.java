// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.simulation;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Saga;
import dev.fakta.orders.OrdersMicrosystem;
import dev.fakta.orders.campaign.CampaignRoutes;
import dev.fakta.orders.campaign.Definitions;
import dev.fakta.orders.catalog.CatalogMicrosystem;
import dev.fakta.orders.catalog.Product;
import dev.fakta.orders.inventory.InventoryMicrosystem;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.money.Money;
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
import dev.fakta.orders.order.Risk;
import dev.fakta.orders.order.Sourcing;
import dev.fakta.orders.order.Sourcing.Location;
import dev.fakta.orders.order.Sourcing.Rule;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.PaymentsMicrosystem;
import dev.fakta.orders.payments.SealedTokens;
import dev.fakta.orders.payments.provider.Pace;
import dev.fakta.orders.shipping.Parcel;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.orders.shipping.ShipmentRoutes;
import dev.fakta.orders.shipping.ShippingMicrosystem;
import dev.fakta.runtime.Reply;
import dev.fakta.testkit.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/// A small shop: two products, up to three orders, whoever may do something to them at any time,
/// and a provider whose answers get lost.
final class OrdersWorld {

    private static final SealedTokens TOKENS =
            SealedTokens.of(List.of(new byte[SealedTokens.KEY_BYTES]));
    private static final List<String> LOCATIONS = List.of(Sourcing.MAIN, "hof");
    private static final OrderRules RULES =
            new OrderRules(
                    Risk.none(),
                    new Sourcing(
                            LOCATIONS.stream().map(name -> new Location(name, null)).toList(),
                            Rule.PRIORITY,
                            (_, _, _) -> 0));
    private static final Processor<PlaceOrder, Order.Command> PLACE =
            OrdersMicrosystem.placing(RULES, TOKENS::seal);
    private static final Processor<GiveCard, Order.Command> PAY = GiveCard.sealing(TOKENS::seal);

    /// The provider of the world that this thread plays. So the microsystems are made once for all
    /// worlds: to check one's definition takes longer than a hundred steps of a world.
    private static final ThreadLocal<ScriptedProvider> PROVIDER = new ThreadLocal<>();

    private static final List<Microsystem> MICROSYSTEMS =
            List.of(
                    OrdersMicrosystem.of(RULES, TOKENS::seal),
                    CatalogMicrosystem.DEFINITION,
                    InventoryMicrosystem.DEFINITION,
                    PaymentsMicrosystem.asking(
                            new ProviderOfTheWorld(PROVIDER::get), Pace.calm(), TOKENS),
                    ShippingMicrosystem.DEFINITION);
    private static final List<Saga<?, ?>> SAGAS =
            MICROSYSTEMS.stream().<Saga<?, ?>>flatMap(one -> one.sagas().stream()).toList();

    private static final List<String> SKUS = List.of("tea", "cup");
    private static final String CAMPAIGN = "sun";
    private static final String CODE = "SUN";
    private static final int ORDERS = 3;

    private final World world;
    private final ScriptedProvider provider;
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
        PROVIDER.set(provider);
        MICROSYSTEMS.forEach(world::with);
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
            count(sku, Sourcing.MAIN, random.nextInt(20));
            mayWait(sku, Sourcing.MAIN, random.nextBoolean());
            if (random.nextBoolean()) {
                count(sku, LOCATIONS.getLast(), random.nextInt(6));
                mayWait(sku, LOCATIONS.getLast(), random.nextBoolean());
            }
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
        new OrdersLaws(world, provider, SAGAS).hold(laws);
    }

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }

    private void count(String sku, String location, long units) {
        world.send(
                StockItem.AGGREGATE,
                StockItem.Command.idOf(sku, location),
                new StockItem.Command.Count(sku, location, units));
    }

    private void mayWait(String sku, String location, boolean isAllowed) {
        world.send(
                StockItem.AGGREGATE,
                StockItem.Command.idOf(sku, location),
                new StockItem.Command.AllowBackorders(isAllowed));
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
                        .filter(each -> OrdersLaws.isUnderWay(each.getValue()))
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
        String location = LOCATIONS.get(random.nextInt(LOCATIONS.size()));
        String item = StockItem.Command.idOf(sku, location);
        switch (random.nextInt(3)) {
            case 0 -> count(sku, location, random.nextInt(6));
            case 1 ->
                    world.send(
                            StockItem.AGGREGATE,
                            item,
                            new StockItem.Command.Receive((long) random.nextInt(1, 6), null));
            default ->
                    world.send(
                            StockItem.AGGREGATE,
                            item,
                            new StockItem.Command.WriteOff(1L, "broken", null));
        }
    }
}
