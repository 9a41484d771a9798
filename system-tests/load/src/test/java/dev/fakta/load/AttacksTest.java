// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.OrderManagement;
import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.campaign.Campaign.Command.Use.Wanted;
import dev.fakta.orders.inventory.InventoryMicrosystem;
import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.orders.money.Money;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Reply;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Attacks that shops are known to fall to, on the aggregates that have to withstand them, with
/// every command sent at the same moment.
final class AttacksTest {

    private static final int CLIENTS = 500;
    private static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");
    private static final Instant LATER = Instant.parse("2999-01-01T00:00:00Z");

    private static LiveNode shop;
    private static LiveNode warehouse; // its needs are of no order, which a courier would look for

    @BeforeAll
    static void open(@TempDir Path views) {
        shop = new LiveNode(views.resolve("shop"), OrderManagement.MICROSYSTEMS);
        warehouse =
                new LiveNode(
                        views.resolve("warehouse"),
                        Microsystems.of(InventoryMicrosystem.DEFINITION));
    }

    @AfterAll
    static void close() {
        shop.close();
        warehouse.close();
    }

    private static String counted(String sku, long onHand) {
        String item = Command.idOf(sku, null);
        accepted(warehouse.send(StockItem.AGGREGATE, item, new Command.Count(sku, null, onHand)));
        return item;
    }

    private static void accepted(Reply<?> reply) {
        assertThat(reply).isInstanceOf(Reply.Accepted.class);
    }

    /// What the first line of an order needs that wants one unit.
    private static Command wants(String order) {
        return new Command.Need(order, 1, 1L, 1L, 0L, 0L, LATER, NOW);
    }

    private static StockItem.Standing standing(Reply<StockItem> reply, String order) {
        return ((Reply.Accepted<StockItem>) reply).aggregate().state().standing(order, 1);
    }

    private static Campaign.Standing use(Reply<Campaign> reply, String order) {
        return ((Reply.Accepted<Campaign>) reply).aggregate().state().standing(order, "ONCE");
    }

    private static long accepted(List<? extends Reply<?>> replies) {
        return replies.stream().filter(Reply.Accepted.class::isInstance).count();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void of_500_who_want_the_last_unit_one_gets_it(int round) throws Exception {
        String item = counted("last-" + round, 1);
        List<Command> all =
                IntStream.range(0, CLIENTS).mapToObj(order -> wants("o" + order)).toList();

        List<Reply<StockItem>> replies = warehouse.sendAtOnce(StockItem.AGGREGATE, item, all);

        List<StockItem.Standing> standings =
                IntStream.range(0, CLIENTS)
                        .mapToObj(order -> standing(replies.get(order), "o" + order))
                        .toList();
        assertThat(standings).filteredOn(one -> one.reserved() == 1).hasSize(1);
        assertThat(standings).filteredOn(one -> one.refused() == 1).hasSize(CLIENTS - 1);
        assertThat(warehouse.wrong(new NoOversell())).isEmpty();
    }

    @Test
    void a_voucher_for_one_use_is_used_once() throws Exception {
        Money off = Money.of(100, "EUR");
        accepted(shop.send(Campaign.AGGREGATE, "once", once()));
        List<Campaign.Command> all = new ArrayList<>();
        for (int order = 0; order < CLIENTS; order++) {
            all.add(
                    new Campaign.Command.Use(
                            "o" + order,
                            "c" + order,
                            "ONCE",
                            1L,
                            Wanted.SET_ASIDE,
                            off,
                            LATER,
                            NOW));
        }

        List<Reply<Campaign>> replies = shop.sendAtOnce(Campaign.AGGREGATE, "once", all);

        assertThat(accepted(replies)).isEqualTo(CLIENTS);
        List<Campaign.Standing> standings =
                IntStream.range(0, CLIENTS)
                        .mapToObj(order -> use(replies.get(order), "o" + order))
                        .toList();
        assertThat(standings).filteredOn(one -> one.is() == Wanted.SET_ASIDE).hasSize(1);
        assertThat(standings).filteredOn(Campaign.Standing::isRefused).hasSize(CLIENTS - 1);
        assertThat(shop.wrong(new CodesWithinLimits())).isEmpty();
    }

    private static Campaign.Command once() {
        return new Campaign.Command.DefineCampaign(
                List.of("ONCE"),
                "percentage",
                BigDecimal.TEN,
                null,
                null,
                null,
                null,
                null,
                1L,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void stock_stays_right_while_it_is_counted_corrected_promised_and_given_back(long seed)
            throws Exception {
        String sku = "shaken-" + seed;
        String item = counted(sku, 40);
        List<Command> all = new ArrayList<>();
        for (int order = 0; order < 100; order++) {
            String name = "o" + order;
            all.add(wants(name));
            all.add(new Command.Need(name, 1, 2L, 0L, 0L, 0L, null, NOW));
            all.add(new Command.Need(name, 2, 1L, 3L, 0L, 0L, LATER, NOW));
            all.add(new Command.Need(name, 2, 2L, 3L, 0L, 0L, null, NOW));
            all.add(new Command.Need(name, 2, 3L, 2L, 1L, 0L, null, NOW));
            all.add(new Command.AllowBackorders(order % 2 == 0));
            all.add(new Command.Count(sku, null, 20L + order % 30));
            all.add(new Command.Adjust(order % 2 == 0 ? 5L : -5L, "shaken", "r" + order));
        }
        Collections.shuffle(all, new Random(seed));

        List<Reply<StockItem>> replies = warehouse.sendAtOnce(StockItem.AGGREGATE, item, all);

        assertThat(replies)
                .allMatch(
                        reply ->
                                reply instanceof Reply.Accepted || reply instanceof Reply.Rejected);
        assertThat(accepted(replies)).isGreaterThan(100);
        StockItem stock = warehouse.state(StockItem.AGGREGATE, item);
        for (int order = 0; order < 100; order++) {
            StockItem.Standing two = stock.standing("o" + order, 2);
            assertThat(stock.standing("o" + order, 1).reserved()).isZero();
            assertThat(two.left()).isEqualTo(1);
            assertThat(two.reserved() + two.waiting() + two.refused()).isEqualTo(2);
        }
        assertThat(warehouse.wrong(new NoOversell())).isEmpty();
    }
}
