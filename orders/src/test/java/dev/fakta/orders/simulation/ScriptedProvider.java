// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.simulation;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.provider.Answer;
import dev.fakta.orders.payments.provider.PaymentProvider;
import dev.fakta.orders.payments.provider.ProviderNotice;
import dev.fakta.orders.payments.provider.ProviderNotice.Content;
import dev.fakta.orders.payments.provider.ProviderNotice.Topic;
import dev.fakta.testkit.World;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A payment provider of a simulated world. It keeps its books right, as a real one does: what is
/// asked under one key is done once. Its answers may be lost before or after it has acted, come
/// late, come twice as webhooks, or be a decline.
final class ScriptedProvider implements PaymentProvider {

    private static final Duration PROMISED = Duration.ofDays(7);
    private static final int DECLINES_ONE_IN = 8;
    private static final int FAULTS_ONE_IN = 8;
    private static final int CONTRADICTS_ONE_IN = 12;

    private final World world;
    private final Map<String, Done> done = new LinkedHashMap<>();
    private final Set<String> tokens = new TreeSet<>();
    private int notices;

    ScriptedProvider(World world) {
        this.world = world;
    }

    /// What was done under a key.
    ///
    /// @param number the operation's, within its kind
    record Done(
            Kind kind,
            int number,
            String payment,
            Money amount,
            @Nullable String about,
            boolean isDeclined,
            @Nullable Instant expiresAt) {}

    @Override
    public Answer authorize(String key, String payment, Money amount, String method, String token) {
        tokens.add(token);
        boolean declines = token.equals("tok_bad") || oneIn(DECLINES_ONE_IN);
        Instant expiry = world.now().plus(PROMISED);
        return answer(
                key,
                new Done(Kind.AUTHORIZATION, number(key), payment, amount, null, declines, expiry));
    }

    @Override
    public Answer capture(String key, String payment, String authorization, Money amount) {
        Done promised = done.get(authorization);
        boolean isExpired =
                promised == null
                        || promised.expiresAt == null
                        || !world.now().isBefore(promised.expiresAt);
        long left = promised == null ? 0 : promised.amount.minor() - taken(authorization);
        boolean declines =
                isExpired
                        || amount.minor() > left
                        || isVoided(authorization)
                        || oneIn(DECLINES_ONE_IN);
        return answer(
                key,
                new Done(
                        Kind.CAPTURE, number(key), payment, amount, authorization, declines, null));
    }

    @Override
    public Answer cancel(String key, String payment, String authorization) {
        Done promised = done.get(authorization);
        Money amount =
                promised == null
                        ? Money.of(0, "EUR")
                        : new Money(
                                promised.amount.minor() - taken(authorization),
                                promised.amount.currency());
        return answer(
                key, new Done(Kind.VOID, number(key), payment, amount, authorization, false, null));
    }

    @Override
    public Answer refund(String key, String payment, @Nullable String capture, Money amount) {
        boolean declines =
                amount.minor() > captured(payment) - refunded(payment) || oneIn(DECLINES_ONE_IN);
        return answer(
                key, new Done(Kind.REFUND, number(key), payment, amount, capture, declines, null));
    }

    @Override
    public Answer find(String key) {
        Done known = done.get(key);
        if (faulty()) {
            return new Answer.Unknown("the answer is lost");
        }
        return known == null ? new Answer.NoSuchKey() : told(key, known);
    }

    /// The tokens of cards that it was given.
    Set<String> tokens() {
        return tokens;
    }

    private Answer answer(String key, Done wanted) {
        if (faulty()) {
            return new Answer.NotAsked("there is no way to the provider");
        }
        Done known = done.putIfAbsent(key, wanted);
        Done settled = known == null ? wanted : known;
        if (known == null && !settled.isDeclined && contradicts(settled.kind)) {
            notifyLater(key, settled);
            return new Answer.Declined("the bank says no, and means yes");
        }
        if (known == null && faulty()) {
            notifyLater(key, settled);
        }
        if (faulty()) {
            return new Answer.Unknown("the answer is lost");
        }
        return told(key, settled);
    }

    private static Answer told(String key, Done settled) {
        return settled.isDeclined
                ? new Answer.Declined("the bank says no")
                : new Answer.Done(key, settled.amount, settled.expiresAt);
    }

    private void notifyLater(String key, Done settled) {
        String id = "evt-" + ++notices;
        RandomGenerator random = world.random();
        Content content =
                new Content(
                        settled.isDeclined ? Topic.FAILED : Topic.SUCCEEDED,
                        settled.payment,
                        settled.kind,
                        settled.number,
                        settled.amount,
                        key,
                        settled.isDeclined ? "the bank says no" : "",
                        world.now(),
                        settled.expiresAt);
        world.later(
                Duration.ofSeconds(random.nextInt(100)),
                "webhook " + id,
                () ->
                        world.send(
                                ProviderNotice.AGGREGATE,
                                id,
                                new ProviderNotice.Command.Receive(content)));
    }

    private static int number(String key) {
        return Integer.parseInt(key.substring(key.lastIndexOf('-') + 1));
    }

    /// A provider may say no, and tell later that it was done.
    private boolean contradicts(Kind kind) {
        return (kind == Kind.AUTHORIZATION || kind == Kind.CAPTURE) && oneIn(CONTRADICTS_ONE_IN);
    }

    private boolean faulty() {
        return !world.isCalm() && oneIn(FAULTS_ONE_IN);
    }

    private boolean oneIn(int times) {
        return !world.isCalm() && world.random().nextInt(times) == 0;
    }

    private long taken(String authorization) {
        return done.values().stream()
                .filter(one -> one.kind == Kind.CAPTURE && authorization.equals(one.about))
                .filter(one -> !one.isDeclined)
                .mapToLong(one -> one.amount.minor())
                .sum();
    }

    private boolean isVoided(String authorization) {
        return done.values().stream()
                .anyMatch(
                        one ->
                                one.kind == Kind.VOID
                                        && authorization.equals(one.about)
                                        && !one.isDeclined);
    }

    /// Minor units that were taken of a payment.
    long captured(String payment) {
        return sum(payment, Kind.CAPTURE);
    }

    /// Minor units that were given back of a payment.
    long refunded(String payment) {
        return sum(payment, Kind.REFUND);
    }

    private long sum(String payment, Kind kind) {
        return done.values().stream()
                .filter(one -> one.kind == kind && one.payment.equals(payment) && !one.isDeclined)
                .mapToLong(one -> one.amount.minor())
                .sum();
    }

    /// Minor units that are promised, not taken, not given up, and not expired.
    long setAside(String payment) {
        long sum = 0;
        for (Map.Entry<String, Done> each : done.entrySet()) {
            Done one = each.getValue();
            Instant expiry = one.expiresAt;
            if (one.kind == Kind.AUTHORIZATION
                    && one.payment.equals(payment)
                    && !one.isDeclined
                    && expiry != null
                    && world.now().isBefore(expiry)
                    && !isVoided(each.getKey())) {
                sum += one.amount.minor() - taken(each.getKey());
            }
        }
        return sum;
    }
}
