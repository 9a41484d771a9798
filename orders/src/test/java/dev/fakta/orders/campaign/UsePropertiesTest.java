// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import static dev.fakta.orders.campaign.Definitions.percentage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.orders.Histories;
import dev.fakta.orders.campaign.Campaign.Command;
import dev.fakta.orders.campaign.Campaign.Command.EndReservations;
import dev.fakta.orders.campaign.Campaign.Command.Use;
import dev.fakta.orders.campaign.Campaign.Command.Use.Wanted;
import dev.fakta.orders.campaign.Campaign.Event;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionExpired;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionSettled;
import dev.fakta.orders.campaign.Campaign.Standing;
import dev.fakta.orders.money.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;

/// What holds of the uses of a campaign whatever orders want of it, in any order and repeated.
class UsePropertiesTest {

    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");
    private static final Definitions SUN = percentage("10").codes("SUN", "SEA");
    private static final Command LIMITED = SUN.uses(3L, 2L).budget(eur(1000)).command();

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }

    private static Instant at(int second) {
        return NOON.plusSeconds(second);
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void limits_hold_after_any_sequence_of_wishes(
            @ForAll @Size(max = 60) List<@From("commands") Command> commands) { // C1-C4
        List<Command> all = new ArrayList<>();
        all.add(LIMITED);
        for (Command command : commands) {
            all.add(command);
            all.add(command);
        }
        Histories.run(
                Campaign.AGGREGATE,
                all,
                (campaign, events) -> {
                    limitsHold(campaign);
                    countsAgree(campaign, live(events));
                });
    }

    private static void limitsHold(Campaign campaign) {
        Rules rules = campaign.rules();
        Redemptions redemptions = campaign.redemptions();
        assertThat(rules).isNotNull();
        if (rules.maxUses() != null) { // C1
            assertThat(redemptions.uses()).isLessThanOrEqualTo(rules.maxUses());
        }
        if (rules.maxUsesPerCustomer() != null) { // C2
            assertThat(redemptions.mostUsesByOne()).isLessThanOrEqualTo(rules.maxUsesPerCustomer());
        }
        if (rules.budget() != null) { // C4
            assertThat(redemptions.spentIn("EUR")).isLessThanOrEqualTo(rules.budget().minor());
        }
    }

    /// A use, as the events alone tell it.
    private record Live(Wanted is, String customer, Money amount) {}

    /// One use for each order and code (C3).
    private static Map<String, Live> live(List<Event> events) {
        Map<String, Live> live = new HashMap<>();
        for (Event event : events) {
            switch (event) {
                case RedemptionExpired(var order, var code) ->
                        assertThat(live.remove(Redemptions.key(order, code)))
                                .extracting(Live::is)
                                .isEqualTo(Wanted.SET_ASIDE);
                case RedemptionSettled e -> settle(e, live);
                case Event _ -> {}
            }
        }
        return live;
    }

    private static void settle(RedemptionSettled e, Map<String, Live> live) {
        String key = Redemptions.key(e.order(), e.code());
        Live before = live.remove(key);
        assertThat(e.was()).isEqualTo(before == null ? Wanted.NOTHING : before.is);
        assertThat(e.until() != null).isEqualTo(e.is() == Wanted.SET_ASIDE);
        if (e.is() != Wanted.NOTHING) {
            live.put(key, new Live(e.is(), e.customer(), e.amount()));
        }
    }

    private static void countsAgree(Campaign campaign, Map<String, Live> live) {
        Redemptions redemptions = campaign.redemptions();
        assertThat(redemptions.uses()).isEqualTo(live.size());
        assertThat(redemptions.redeemed())
                .isEqualTo(live.values().stream().filter(u -> u.is == Wanted.REDEEMED).count());
        assertThat(redemptions.spentIn("EUR"))
                .isEqualTo(live.values().stream().mapToLong(use -> use.amount.minor()).sum());
        if (campaign.rules() != null && campaign.rules().maxUsesPerCustomer() != null) {
            assertThat(redemptions.usesBy("a"))
                    .isEqualTo(live.values().stream().filter(u -> u.customer.equals("a")).count());
        }
        live.forEach((key, use) -> assertThat(redemptions.standing(key).is()).isEqualTo(use.is));
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void a_wish_that_is_told_again_leads_to_no_event(
            @ForAll @Size(max = 40) List<@From("wishes") Use> wishes) {
        Campaign campaign = told(Campaign.AGGREGATE.initial(), LIMITED);
        for (Use wish : wishes) {
            campaign = told(campaign, wish);
            assertThat(Campaign.AGGREGATE.decide(campaign, wish)).isIn(NO_NEWS, rejected(wish));
        }
    }

    private static final Decision<Event> NO_NEWS = Decision.accept();

    private static Decision<Event> rejected(Use wish) {
        return Campaign.AGGREGATE.decide(told(Campaign.AGGREGATE.initial(), LIMITED), wish)
                        instanceof Decision.Rejected<Event> rejected
                ? rejected
                : NO_NEWS;
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void the_order_of_arrival_does_not_matter(
            @ForAll @Size(min = 1, max = 8) List<@From("wanted") Wanted> wanted,
            @ForAll Random random) {
        List<Use> wishes = new ArrayList<>();
        for (int index = 0; index < wanted.size(); index++) {
            Use wish =
                    new Use(
                            "o",
                            "a",
                            "SUN",
                            index + 1L,
                            wanted.get(index),
                            eur(index),
                            at(60),
                            NOON);
            wishes.add(wish);
            wishes.add(wish);
        }
        Collections.shuffle(wishes, random);
        Campaign campaign = told(Campaign.AGGREGATE.initial(), SUN.command());
        for (Use wish : wishes) {
            campaign = told(campaign, wish);
        }
        Wanted last = wanted.getLast();
        assertThat(campaign.standing("o", "SUN"))
                .isEqualTo(new Standing(wanted.size(), last, false));
        assertThat(campaign.redemptions().spentIn("EUR"))
                .isEqualTo(last == Wanted.NOTHING ? 0 : wanted.size() - 1);
        assertThat(campaign.redemptions().uses()).isEqualTo(last == Wanted.NOTHING ? 0 : 1);
    }

    private static Campaign told(Campaign campaign, Command command) {
        Campaign next = campaign;
        if (Campaign.AGGREGATE.decide(campaign, command)
                instanceof Decision.Accepted<Event>(var events)) {
            for (Event event : events) {
                next = Campaign.AGGREGATE.evolve(next, event);
            }
        }
        return next;
    }

    @Provide
    static Arbitrary<Wanted> wanted() {
        return Arbitraries.of(Wanted.SET_ASIDE, Wanted.REDEEMED, Wanted.NOTHING);
    }

    @Provide
    static Arbitrary<Use> wishes() {
        return Combinators.combine(
                        Arbitraries.of("o1", "o2", "o3", "o4", "o5", ""),
                        Arbitraries.of("a", "a", "b"),
                        Arbitraries.of("SUN", "SUN", "SUN", "SEA", "RAIN"),
                        Arbitraries.longs().between(0, 9),
                        wanted(),
                        Arbitraries.of(0, 100, 400, 600, -1).map(minor -> eur(minor)),
                        Arbitraries.integers().between(0, 20).map(second -> at(second)),
                        Arbitraries.integers().between(0, 20).map(second -> at(second)))
                .as(Use::new);
    }

    @Provide
    static Arbitrary<Command> commands() {
        Arbitrary<Command> others =
                Arbitraries.of(
                        LIMITED,
                        SUN.uses(2L, 1L).budget(eur(500)).command(),
                        SUN.command(),
                        new Command.Pause(),
                        new Command.Activate(),
                        new EndReservations(at(5)),
                        new EndReservations(at(15)));
        return Arbitraries.frequencyOf(
                Tuple.of(12, wishes().map(use -> (Command) use)), Tuple.of(2, others));
    }
}
