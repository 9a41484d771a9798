// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import dev.fakta.domain.PersistentMap;
import dev.fakta.orders.campaign.Campaign.Command.Use.Wanted;
import dev.fakta.orders.campaign.Campaign.Event;
import dev.fakta.orders.campaign.Campaign.Standing;
import dev.fakta.orders.money.Money;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How often a campaign was used, and by whom. Made to change with each event while it remembers
/// many thousand uses: see [PersistentMap].
///
/// What it remembers is bounded: reservations that are neither confirmed nor given back by
/// [#MOST_RESERVED]; confirmed uses by the newest [#GENERATION] to twice as many. An older use
/// still counts, but it cannot be given back any more, and its order could reserve anew; by then
/// the order is long done. Customers are counted only as long as the campaign limits them. Of as
/// many orders that have no use any more it is remembered what they were told last, so that an
/// older wish of theirs, which comes late, changes nothing.
///
/// @param reserved by [#key]
/// @param recent the confirmed uses since [#older] was filled
/// @param older the confirmed uses before those
/// @param perCustomer reserved and confirmed uses; empty without a limit per customer
/// @param redeemed how many uses are confirmed and not given back
/// @param spent what reserved and confirmed uses take off orders, in minor units, by currency
/// @param ended what orders without a use were told last, since [#endedBefore] was filled
/// @param endedBefore what orders without a use were told last, before those
public record Redemptions(
        Map<String, Use> reserved,
        Map<String, Use> recent,
        Map<String, Use> older,
        Map<String, Long> perCustomer,
        long redeemed,
        Map<String, Long> spent,
        Map<String, Standing> ended,
        Map<String, Standing> endedBefore) {

    static final int MOST_RESERVED = 100_000;
    static final int GENERATION = 50_000;

    /// How many reservations are ended in one decision.
    static final int MOST_ENDED_AT_ONCE = 500;

    static final Redemptions NONE =
            new Redemptions(
                    Map.of(), Map.of(), Map.of(), Map.of(), 0, Map.of(), Map.of(), Map.of());

    public Redemptions {
        reserved = PersistentMap.copyOf(reserved);
        recent = PersistentMap.copyOf(recent);
        older = PersistentMap.copyOf(older);
        perCustomer = PersistentMap.copyOf(perCustomer);
        spent = Map.copyOf(spent);
        ended = PersistentMap.copyOf(ended);
        endedBefore = PersistentMap.copyOf(endedBefore);
    }

    /// One use.
    ///
    /// @param amount what it takes off the order
    /// @param expiresAt when a reservation is given back; none once it is confirmed
    /// @param revision of the order, when it was told of the use
    /// @param isRefused whether the order wanted another amount or end than it got
    public record Use(
            String customer,
            Money amount,
            @Nullable Instant expiresAt,
            long revision,
            boolean isRefused) {

        boolean isOver(Instant now) {
            return expiresAt != null && !now.isBefore(expiresAt);
        }

        Use redeemed() {
            return new Use(customer, amount, null, revision, isRefused);
        }
    }

    /// A code has no slash, so this is one pair only.
    static String key(String order, String code) {
        return order + "/" + code;
    }

    /// Reserved and confirmed ones.
    public long uses() {
        return reserved.size() + redeemed;
    }

    long usesBy(String customer) {
        return count(perCustomer, customer);
    }

    long mostUsesByOne() {
        long most = 0;
        for (long uses : perCustomer.values()) {
            most = Math.max(most, uses);
        }
        return most;
    }

    /// In minor units.
    long spentIn(String currency) {
        return count(spent, currency);
    }

    boolean isFull() {
        return reserved.size() >= MOST_RESERVED;
    }

    /// A reservation or a confirmed use, if it is remembered.
    @Nullable Use held(String key) {
        Use use = reserved.get(key);
        return use == null ? confirmed(key) : use;
    }

    /// What an order was told last.
    Standing standing(String key) {
        Use use = held(key);
        if (use != null) {
            Wanted is = reserved.containsKey(key) ? Wanted.SET_ASIDE : Wanted.REDEEMED;
            return new Standing(use.revision, is, use.isRefused);
        }
        Standing last = ended.get(key);
        last = last == null ? endedBefore.get(key) : last;
        return last == null ? Standing.NONE : last;
    }

    /// The ends of reservations whose time is over, at most [#MOST_ENDED_AT_ONCE]: those of the
    /// customer first, then those that are over for the longest time. This looks at every
    /// reservation.
    List<Event.RedemptionExpired> over(Instant now, String customer) {
        return reserved.entrySet().stream()
                .filter(one -> one.getValue().isOver(now))
                .sorted(
                        Comparator.comparing(
                                        (Map.Entry<String, Use> one) ->
                                                !one.getValue().customer.equals(customer))
                                .thenComparing(
                                        one -> Objects.requireNonNull(one.getValue().expiresAt))
                                .thenComparing(Map.Entry::getKey))
                .limit(MOST_ENDED_AT_ONCE)
                .map(one -> expired(one.getKey()))
                .toList();
    }

    private static Event.RedemptionExpired expired(String key) {
        int slash = key.lastIndexOf('/');
        return new Event.RedemptionExpired(key.substring(0, slash), key.substring(slash + 1));
    }

    /// A confirmed use, if it is remembered.
    @Nullable Use confirmed(String key) {
        Use use = recent.get(key);
        return use == null ? older.get(key) : use;
    }

    /// Counts customers from now on, or does not. What is remembered is counted at once.
    Redemptions counting(boolean isLimited) {
        if (!isLimited) {
            return counting(Map.of());
        }
        if (!perCustomer.isEmpty()) {
            return this;
        }
        PersistentMap<String, Long> counts = PersistentMap.empty();
        for (Map<String, Use> uses : List.of(reserved, recent, older)) {
            for (Use use : uses.values()) {
                counts = added(counts, use.customer, 1);
            }
        }
        return counting(counts);
    }

    private Redemptions counting(Map<String, Long> counts) {
        return new Redemptions(
                reserved, recent, older, counts, redeemed, spent, ended, endedBefore);
    }

    /// @param isLimited whether customers are counted
    Redemptions evolve(Event.OfRedemption event, boolean isLimited) {
        return switch (event) {
            case Event.RedemptionExpired(var order, var code) -> end(key(order, code));
            case Event.RedemptionSettled settled -> settle(settled, isLimited);
        };
    }

    private Redemptions settle(Event.RedemptionSettled e, boolean isLimited) {
        String key = key(e.order(), e.code());
        boolean isRefused = e.refusal() != null;
        Use use = new Use(e.customer(), e.amount(), e.until(), e.revision(), isRefused);
        Redemptions without = without(key);
        return switch (e.is()) {
            case NOTHING ->
                    without.ending(key, new Standing(e.revision(), Wanted.NOTHING, isRefused));
            case SET_ASIDE -> without.reserve(key, use, isLimited);
            case REDEEMED -> without.reserve(key, use, isLimited).confirm(key);
        };
    }

    private Redemptions reserve(String key, Use use, boolean isLimited) {
        return new Redemptions(
                map(reserved).with(key, use),
                recent,
                older,
                isLimited ? added(map(perCustomer), use.customer, 1) : perCustomer,
                redeemed,
                spent(use.amount, 1),
                ended,
                endedBefore);
    }

    private Redemptions ending(String key, Standing last) {
        boolean isFull = ended.size() >= GENERATION;
        PersistentMap<String, Standing> newest = isFull ? PersistentMap.empty() : map(ended);
        return new Redemptions(
                reserved,
                recent,
                older,
                perCustomer,
                redeemed,
                spent,
                newest.with(key, last),
                isFull ? ended : endedBefore);
    }

    private Redemptions confirm(String key) {
        Use use = reserved.get(key);
        if (use == null) {
            return this;
        }
        boolean isFull = recent.size() >= GENERATION;
        PersistentMap<String, Use> newest = isFull ? PersistentMap.empty() : map(recent);
        return new Redemptions(
                map(reserved).without(key),
                newest.with(key, use.redeemed()),
                isFull ? recent : older,
                perCustomer,
                redeemed + 1,
                spent,
                ended,
                endedBefore);
    }

    /// The order's revision is remembered, so that an older wish of it changes nothing.
    private Redemptions end(String key) {
        Use use = held(key);
        return use == null
                ? this
                : without(key).ending(key, new Standing(use.revision, Wanted.NOTHING, false));
    }

    /// The same, as if the order had no use of the code.
    Redemptions without(String key) {
        Use use = reserved.get(key);
        boolean isReserved = use != null;
        if (use == null) {
            use = confirmed(key);
        }
        if (use == null) {
            return this;
        }
        return new Redemptions(
                map(reserved).without(key),
                isReserved ? recent : map(recent).without(key),
                isReserved ? older : map(older).without(key),
                usesBy(use.customer) == 0 ? perCustomer : added(map(perCustomer), use.customer, -1),
                isReserved ? redeemed : redeemed - 1,
                spent(use.amount, -1),
                ended,
                endedBefore);
    }

    private Map<String, Long> spent(Money amount, int sign) {
        Map<String, Long> changed = new HashMap<>(spent);
        changed.merge(
                amount.currency().getCurrencyCode(),
                Math.multiplyExact(amount.minor(), (long) sign),
                Math::addExact);
        return changed;
    }

    private static PersistentMap<String, Long> added(
            PersistentMap<String, Long> counts, String key, long difference) {
        long count = count(counts, key) + difference;
        return count == 0 ? counts.without(key) : counts.with(key, count);
    }

    private static long count(Map<String, Long> counts, String key) {
        Long count = counts.get(key);
        return count == null ? 0 : count;
    }

    private static <V> PersistentMap<String, V> map(Map<String, V> map) {
        return PersistentMap.copyOf(map);
    }
}
