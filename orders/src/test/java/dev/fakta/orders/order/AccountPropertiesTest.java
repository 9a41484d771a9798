// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.MoneyStanding.OfCards;
import dev.fakta.orders.order.Order.Command;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What holds for an order's money after any commands, and whatever its payment has told.
class AccountPropertiesTest {

    @Provide
    Arbitrary<List<Command>> sequences() {
        return OrderCommands.sequences();
    }

    @Provide
    Arbitrary<List<OfCards>> standings() {
        return OrderCommands.cards().list().ofMinSize(2).ofMaxSize(5);
    }

    @Property(tries = 500)
    void no_more_is_kept_than_was_earned(@ForAll("sequences") List<Command> commands) {
        for (Order order : decided(commands)) {
            MoneyLedger money = order.money();
            long kept = money.captured() - money.asked() - money.contested();
            assertThat(kept <= order.account().earned() || money.captured() == 0).isTrue();
            assertThat(order.account().earned()).isBetween(0L, order.due());
        }
    }

    @Property(tries = 500)
    void what_is_to_be_taken_is_to_be_set_aside_first(@ForAll("sequences") List<Command> commands) {
        for (Order order : decided(commands)) {
            MoneyWish wish = order.moneyWish();
            assertThat(wish.take()).isBetween(0L, wish.secure());
            MoneyWish.Credit credit = wish.credit();
            assertThat(credit.take()).isBetween(0L, credit.hold());
            assertThat(credit.back()).isBetween(0L, credit.take());
        }
    }

    @Property(tries = 500)
    void whatever_was_asked_back_is_wanted_for_good(@ForAll("sequences") List<Command> commands) {
        long before = 0;
        for (Order order : decided(commands)) {
            MoneyWish wish = order.moneyWish();
            long cards = wish.refunds().stream().mapToLong(MoneyWish.GiveBack::amount).sum();
            assertThat(cards).isEqualTo(order.money().askedOfCards());
            assertThat(wish.refunds().stream().map(MoneyWish.GiveBack::reason))
                    .doesNotHaveDuplicates();
            assertThat(cards).isGreaterThanOrEqualTo(before);
            before = cards;
        }
    }

    @Property(tries = 500)
    void an_order_that_has_ended_takes_nothing_more(@ForAll("sequences") List<Command> commands) {
        for (Order order : decided(commands)) {
            if (order.isClosed()) {
                MoneyWish wish = order.moneyWish();
                MoneyLedger money = order.money();
                assertThat(wish.take()).isLessThanOrEqualTo(money.cards().captured());
                assertThat(wish.secure()).isLessThanOrEqualTo(money.cards().captured());
                assertThat(wish.credit().hold()).isLessThanOrEqualTo(money.credit().captured());
            }
        }
    }

    @Property(tries = 500)
    void what_was_heard_before_the_last_standing_does_not_matter(
            @ForAll("standings") List<OfCards> standings) {
        List<OfCards> grown = grown(standings);
        MoneyLedger all = after(grown);
        MoneyLedger last = after(List.of(grown.getLast()));
        assertThat(all.cards().open()).isEqualTo(last.cards().open());
        assertThat(all.captured()).isEqualTo(last.captured());
        assertThat(all.refunded()).isEqualTo(last.refunded());
        assertThat(all.contested()).isEqualTo(last.contested());
    }

    /// The standings, each with the largest sums so far.
    private static List<OfCards> grown(List<OfCards> standings) {
        List<OfCards> grown = new ArrayList<>();
        long captured = 0;
        long refunded = 0;
        for (OfCards one : standings) {
            captured = Math.max(captured, one.captured());
            refunded = Math.max(refunded, one.refunded());
            grown.add(
                    new OfCards(
                            one.setAside(),
                            captured,
                            refunded,
                            one.contested(),
                            one.attempt(),
                            one.outcome(),
                            one.failing()));
        }
        return grown;
    }

    private static MoneyLedger after(List<OfCards> standings) {
        List<Command> commands = new ArrayList<>(OrderWays.ASKED);
        standings.forEach(one -> commands.add(OrderCommands.heard(one)));
        return decided(commands).getLast().money();
    }

    /// The order after each of the commands that it took.
    private static List<Order> decided(List<Command> commands) {
        List<Order> states = new ArrayList<>();
        Order order = Order.NONE;
        for (Command command : commands) {
            for (Order.Event event : OrderInvariantsTest.events(order, command)) {
                order = Order.AGGREGATE.evolve(order, event);
            }
            if (order.created() != null) {
                states.add(order);
            }
        }
        return states;
    }
}
