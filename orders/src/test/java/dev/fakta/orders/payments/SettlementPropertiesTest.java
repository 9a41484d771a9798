// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.orders.Histories;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Operation.Status;
import dev.fakta.orders.payments.Payment.Card;
import dev.fakta.orders.payments.Payment.Command;
import dev.fakta.orders.payments.Payment.Command.Fact;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.Payment.GiveBack;
import dev.fakta.orders.payments.Payment.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
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
import org.jspecify.annotations.Nullable;

/// What holds of a payment whatever its order wishes, and whatever its provider tells: answers that
/// are lost, late, doubled, and that contradict each other.
class SettlementPropertiesTest {

    private static final Instant END = Instant.parse("2026-07-08T12:00:00Z");
    private static final Money CENT = Money.of(1, "EUR");
    private static final int STEPS = 80;

    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void no_money_moves_that_was_not_wished_and_all_that_was_wished_moves_in_the_end(
            @ForAll long seed) {
        World world = new World(seed);
        for (int step = 0; step < STEPS; step++) {
            world.step();
        }
        world.settle();
        world.isAsWished();
        world.history.forEach(Histories::survivesJson);
        Histories.survivesJson(world.payment);
        Histories.survivesJson(world.payment.standing());
        Histories.survivesJson(world.settlement(world.revision));
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void with_a_provider_that_says_yes_every_wish_comes_true_to_the_cent(@ForAll long seed) {
        World world = new World(seed);
        for (int wish = 0; wish < 6; wish++) {
            world.wishForMore();
            world.settle();
            world.isAsWished();
            Standing standing = world.payment.standing();
            assertThat(standing.setAside()).isEqualTo(world.secure - world.take);
            assertThat(standing.failing()).isEmpty();
            world.repeatWishes();
        }
    }

    @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
    void an_order_may_take_over_a_payment_at_any_time(
            @ForAll @Size(min = 20, max = 80) List<@From("anything") Command> commands) {
        Histories.run(
                Payment.AGGREGATE,
                commands,
                (payment, _) -> {
                    assertThat(payment.captured()).isLessThanOrEqualTo(payment.authorized());
                    assertThat(payment.refunded()).isLessThanOrEqualTo(payment.captured());
                    assertThat(payment.overcharged()).isNotNegative();
                    assertThat(payment.standing().setAside() + payment.captured())
                            .isLessThanOrEqualTo(payment.authorized());
                });
    }

    @Provide
    static Arbitrary<Command> anything() {
        Arbitrary<Integer> few = Arbitraries.integers().between(0, 6);
        Arbitrary<Command> wishes =
                Combinators.combine(few, few, few, few)
                        .as(
                                (secure, take, back, card) ->
                                        new Command.Settle(
                                                "o",
                                                secure + card,
                                                CENT.currency(),
                                                secure,
                                                Math.min(secure, take),
                                                List.of(new GiveBack("a", back)),
                                                card == 0 ? null : new Card(card, "card", "t")));
        Arbitrary<Command> repetitions =
                Combinators.combine(Arbitraries.of(Kind.VOID, Kind.REFUND), few)
                        .as(Command.AskAgain::new);
        return Arbitraries.frequencyOf(
                Tuple.of(8, PaymentPropertiesTest.commands()),
                Tuple.of(2, wishes),
                Tuple.of(1, repetitions));
    }

    /// An order, a provider, and the payment between them.
    private static final class World {
        private final Random random;
        private final List<Event> history = new ArrayList<>();
        private final TreeMap<String, Long> refunds = new TreeMap<>();
        private final Set<String> moved = new HashSet<>();
        private final Map<Kind, Long> provider = new HashMap<>();
        private Payment payment = Payment.AGGREGATE.initial();
        private long revision;
        private long secure;
        private long take;
        private long mostTaken;
        private int attempt = 1;

        World(long seed) {
            this.random = new Random(seed);
        }

        void step() {
            switch (random.nextInt(13)) {
                case 0 -> wish();
                case 1 -> repeatWishes();
                case 2 -> any(Operation::isInFlight, this::no);
                case 3 -> any(Operation::isInFlight, this::lost);
                case 4 -> any(_ -> true, this::yes);
                case 5 -> any(_ -> true, this::no);
                case 6 -> any(one -> one.kind() == Kind.AUTHORIZATION, this::expiry);
                case 7, 8 -> any(World::isRepeatable, this::again);
                case 9 -> any(World::isBeyond, this::settledByPeople);
                default -> any(Operation::isInFlight, this::yes);
            }
        }

        private void wish() {
            secure = random.nextInt(12);
            take = random.nextInt((int) secure + 1);
            refunds.merge("R" + random.nextInt(3), (long) random.nextInt(5), Math::max);
            attempt += random.nextInt(2);
            revision++;
            tell(settlement(revision));
        }

        void wishForMore() {
            take += random.nextInt(5);
            secure = Math.max(secure, take + random.nextInt(5));
            long owed = refunds.values().stream().mapToLong(Long::longValue).sum();
            refunds.merge("R" + random.nextInt(3), random.nextLong(take - owed + 1), Long::sum);
            revision++;
            tell(settlement(revision));
        }

        /// The same wish, and an older one that wants all the world, change nothing.
        void repeatWishes() {
            if (payment.wish() == null) {
                return;
            }
            int before = history.size();
            tell(settlement(revision));
            tell(
                    new Command.Settle(
                            "o",
                            revision - 1,
                            CENT.currency(),
                            99,
                            99,
                            List.of(new GiveBack("R9", 99)),
                            new Card(attempt + 9, "card", "other")));
            assertThat(history).hasSize(before);
        }

        private Command settlement(long number) {
            List<GiveBack> back = new ArrayList<>();
            refunds.forEach((reason, amount) -> back.add(new GiveBack(reason, amount)));
            mostTaken = Math.max(mostTaken, take);
            Card card = new Card(attempt, "card", "tok");
            return new Command.Settle("o", number, CENT.currency(), secure, take, back, card);
        }

        private void any(Predicate<Operation> which, Function<Operation, Command> told) {
            List<Operation> possible = payment.operations().stream().filter(which).toList();
            if (!possible.isEmpty()) {
                tell(told.apply(possible.get(random.nextInt(possible.size()))));
            }
        }

        private Command yes(Operation one) {
            int number = one.number();
            Money amount = one.amount();
            if (moved.add(one.key("p")) && one.status() != Status.DONE) {
                provider.merge(one.kind(), amount.minor(), Long::sum);
            }
            return switch (one.kind()) {
                case AUTHORIZATION -> new Fact.RecordAuthorized(number, amount, "r", END, null);
                case CAPTURE -> new Fact.RecordCaptured(number, amount, "r", null);
                case VOID -> new Fact.RecordVoided(number, "r", null);
                case REFUND -> new Fact.RecordRefunded(number, amount, "r", null);
            };
        }

        private Command no(Operation one) {
            int number = one.number();
            return switch (one.kind()) {
                case AUTHORIZATION -> new Fact.RecordDeclined(number, "no", null);
                case CAPTURE -> new Fact.RecordCaptureFailed(number, "no", null);
                case VOID -> new Fact.RecordVoidFailed(number, "no", null);
                case REFUND -> new Fact.RecordRefundFailed(number, "no", null);
            };
        }

        private Command lost(Operation one) {
            return new Fact.RecordOutcomeUnknown(one.kind(), one.number());
        }

        private Command expiry(Operation one) {
            return new Command.ExpireAuthorization(one.number(), END);
        }

        private Command again(Operation one) {
            return new Command.AskAgain(one.kind(), one.number());
        }

        private Command settledByPeople(Operation one) {
            return new Command.SettleRefund(one.number(), "the customer has paid it back");
        }

        private static boolean isBeyond(Operation one) {
            return one.kind() == Kind.REFUND && one.status() == Status.SURPLUS;
        }

        private static boolean isRepeatable(Operation one) {
            boolean isOfKind = one.kind() == Kind.VOID || one.kind() == Kind.REFUND;
            return isOfKind && one.status() == Status.FAILED;
        }

        private void tell(Command command) {
            if (Payment.AGGREGATE.decide(payment, command)
                    instanceof Decision.Accepted<Event>(var events)) {
                for (Event event : events) {
                    payment = payment.evolve(event);
                    history.add(event);
                }
            }
            isInOrder();
        }

        private void isInOrder() {
            assertThat(payment.captured()).isLessThanOrEqualTo(mostTaken);
            assertThat(payment.refunded()).isLessThanOrEqualTo(payment.captured());
            Set<String> keys = new HashSet<>();
            Set<Kind> inFlight = new HashSet<>();
            for (Operation one : payment.operations()) {
                assertThat(keys.add(one.key("p"))).as("a key is used once").isTrue();
                assertThat(!one.isInFlight() || inFlight.add(one.kind())).isTrue();
            }
            refunds.forEach(
                    (reason, amount) ->
                            assertThat(sum(one -> isAsked(one) && one.purpose().equals(reason)))
                                    .as("what is given back for %s", reason)
                                    .isLessThanOrEqualTo(amount));
            agreesWithProvider();
        }

        private static boolean isAsked(Operation one) {
            return one.kind() == Kind.REFUND && (one.isInFlight() || one.status() == Status.DONE);
        }

        /// Every cent that the provider moved is in the sums, or known as surplus.
        private void agreesWithProvider() {
            for (Kind kind : List.of(Kind.CAPTURE, Kind.REFUND)) {
                long known =
                        sum(
                                one ->
                                        one.kind() == kind
                                                && EnumSet.of(
                                                                Status.DONE,
                                                                Status.SURPLUS,
                                                                Status.SETTLED)
                                                        .contains(one.status()));
                assertThat(known).isEqualTo(provider.getOrDefault(kind, 0L));
            }
        }

        private long sum(Predicate<Operation> which) {
            return payment.operations().stream()
                    .filter(which)
                    .mapToLong(one -> one.amount().minor())
                    .sum();
        }

        /// The order wants what can be had; the provider says yes to all until nothing moves.
        void settle() {
            long owed = refunds.values().stream().mapToLong(Long::longValue).sum();
            Operation capture = payment.inFlight(Kind.CAPTURE);
            long onItsWay = capture == null ? 0 : capture.amount().minor(); // cannot be recalled
            take = Math.max(Math.max(take, owed), payment.captured() + onItsWay);
            secure = Math.max(secure, take);
            revision++;
            tell(settlement(revision));
            int before = -1;
            while (before != history.size()) {
                before = history.size();
                payment.operations().stream()
                        .filter(Operation::isInFlight)
                        .toList()
                        .forEach(one -> tell(yes(one)));
                payment.operations().stream()
                        .filter(World::isRepeatable)
                        .toList()
                        .forEach(one -> tell(again(one)));
                tryNextCard();
            }
        }

        private void tryNextCard() {
            Standing standing = payment.standing();
            boolean isShort = standing.captured() + standing.setAside() < secure;
            if (isShort && !standing.isMoving()) {
                attempt = Math.max(attempt, standing.attempt()) + 1;
                revision++;
                tell(settlement(revision));
            }
        }

        void isAsWished() {
            Standing standing = payment.standing();
            assertThat(standing.isMoving()).isFalse();
            assertThat(standing.captured()).isEqualTo(take);
            assertThat(payment.overcharged()).as("surplus is returned").isZero();
            assertThat(standing.setAside()).isGreaterThanOrEqualTo(secure - take);
            if (secure == take) {
                assertThat(standing.setAside()).isZero();
            }
            nothingIsHeldInVain(standing.setAside() - (secure - take));
            refunds.forEach((reason, amount) -> isGivenBack(standing, reason, amount));
        }

        /// What is held beyond the wish is a part of an authorization that is needed.
        private void nothingIsHeldInVain(long beyond) {
            for (Operation one : payment.operations()) {
                assertThat(!payment.isLive(one) || payment.uncaptured(one) > beyond).isTrue();
            }
        }

        private void isGivenBack(Standing standing, String reason, long amount) {
            boolean isBeyond =
                    sum(
                                    one ->
                                            one.kind() == Kind.REFUND
                                                    && one.status() == Status.SURPLUS
                                                    && one.purpose().equals(reason))
                            > 0;
            @Nullable Long given = null;
            for (GiveBack one : standing.refundedFor()) {
                given = one.reason().equals(reason) ? Long.valueOf(one.amount()) : given;
            }
            if (standing.failing().contains(reason)) {
                assertThat(isBeyond)
                        .as("only a provider that gave too much is waited for")
                        .isTrue();
            } else {
                assertThat(given == null ? 0 : given).isEqualTo(amount);
            }
        }
    }
}
