// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import dev.fakta.domain.PersistentMap;
import dev.fakta.orders.campaign.Campaign.Event;
import dev.fakta.orders.money.Money;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How often a campaign was used, and by whom. Made to change with each event while it remembers
/// many thousand uses: see [PersistentMap].
///
/// What it remembers is bounded: reservations that are neither confirmed nor given back by
/// [#MOST_RESERVED]; confirmed uses by the newest [#GENERATION] to twice as many. An older use
/// still counts, but it cannot be given back any more, and its order could reserve anew; by then
/// the order is long done. Customers are counted only as long as the campaign limits them.
///
/// @param reserved by [#key]
/// @param recent the confirmed uses since [#older] was filled
/// @param older the confirmed uses before those
/// @param perCustomer reserved and confirmed uses; empty without a limit per customer
/// @param redeemed how many uses are confirmed and not given back
/// @param spent what reserved and confirmed uses take off orders, in minor units, by currency
public record Redemptions(
        Map<String, Use> reserved,
        Map<String, Use> recent,
        Map<String, Use> older,
        Map<String, Long> perCustomer,
        long redeemed,
        Map<String, Long> spent) {

    static final int MOST_RESERVED = 100_000;
    static final int GENERATION = 50_000;

    static final Redemptions NONE =
            new Redemptions(Map.of(), Map.of(), Map.of(), Map.of(), 0, Map.of());

    public Redemptions {
        reserved = PersistentMap.copyOf(reserved);
        recent = PersistentMap.copyOf(recent);
        older = PersistentMap.copyOf(older);
        perCustomer = PersistentMap.copyOf(perCustomer);
        spent = Map.copyOf(spent);
    }

    /// One use.
    ///
    /// @param amount what it takes off the order
    /// @param expiresAt when it is given back unless it is confirmed
    public record Use(String customer, Money amount, Instant expiresAt) {}

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

    @Nullable Use reservation(String key) {
        return reserved.get(key);
    }

    /// A confirmed use, if it is remembered.
    @Nullable Use confirmed(String key) {
        Use use = recent.get(key);
        return use == null ? older.get(key) : use;
    }

    /// Counts customers from now on, or does not. What is remembered is counted at once.
    Redemptions counting(boolean isLimited) {
        if (!isLimited) {
            return new Redemptions(reserved, recent, older, Map.of(), redeemed, spent);
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
        return new Redemptions(reserved, recent, older, counts, redeemed, spent);
    }

    /// @param isLimited whether customers are counted
    Redemptions evolve(Event.OfRedemption event, boolean isLimited) {
        return switch (event) {
            case Event.RedemptionReserved(
                            var order,
                            var customer,
                            var code,
                            var expiresAt,
                            var amount) -> {
                Use use = new Use(customer, amount, expiresAt);
                yield new Redemptions(
                        map(reserved).with(key(order, code), use),
                        recent,
                        older,
                        isLimited ? added(map(perCustomer), customer, 1) : perCustomer,
                        redeemed,
                        spent(use.amount, 1));
            }
            case Event.RedemptionConfirmed(var order, var code) -> confirm(key(order, code));
            case Event.RedemptionExpired(var order, var code) -> giveBack(key(order, code));
            case Event.RedemptionReleased(var order, var code, _) -> giveBack(key(order, code));
        };
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
                newest.with(key, use),
                isFull ? recent : older,
                perCustomer,
                redeemed + 1,
                spent);
    }

    private Redemptions giveBack(String key) {
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
                spent(use.amount, -1));
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
