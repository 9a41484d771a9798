// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Operation.Status;
import dev.fakta.orders.payments.Payment.Card;
import dev.fakta.orders.payments.Payment.Command.Fact;
import dev.fakta.orders.payments.Payment.Command.Settle;
import dev.fakta.orders.payments.Payment.Event;
import dev.fakta.orders.payments.Payment.GiveBack;
import dev.fakta.orders.payments.Payment.Standing;
import dev.fakta.orders.payments.provider.Answer;
import dev.fakta.orders.payments.provider.Pace;
import dev.fakta.orders.payments.provider.PaymentProvider;
import dev.fakta.testkit.Simulation;
import dev.fakta.testkit.World;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Payments with their real sagas, in virtual time: an order that wishes, a courier that tells, and
/// a bank that loses answers, fails, and says no where it means yes.
class SettlementSimulationTest {

    private static final int WORLDS = 120;
    private static final String ID = "order";

    @Test
    void what_an_order_wishes_becomes_true_whatever_happens_on_the_way() {
        Set<Class<?>> seen = new HashSet<>();
        Simulation simulation = Simulation.of(world -> new Shop(world, seen).open());
        for (int seed = 1; seed <= WORLDS; seed++) {
            simulation.replay(seed + ": 0-99");
        }
        assertThat(seen)
                .as("what must not be missing in the story of so many orders")
                .contains(
                        Event.PaymentDeclined.class,
                        Event.AuthorizationExpired.class,
                        Event.PaymentCaptureFailed.class,
                        Event.PaymentOvercharged.class,
                        Event.PaymentVoided.class,
                        Event.PaymentVoidFailed.class,
                        Event.PaymentRefunded.class,
                        Event.PaymentRefundFailed.class,
                        Event.OutcomeUnknown.class);
    }

    private static final class Shop {
        private final World world;
        private final Set<Class<?>> seen;
        private final Bank bank;
        private long revision;
        private long secure;
        private long take;
        private long back;
        private long mostTaken;
        private int attempt = 1;

        Shop(World world, Set<Class<?>> seen) {
            this.world = world;
            this.seen = seen;
            this.bank = new Bank(world);
        }

        void open() {
            world.with(PaymentsMicrosystem.asking(bank, Pace.calm(), SealedTokens.ofThisProcess()));
            world.actor("order", 8, this::wish);
            world.worker("courier", _ -> carry());
            world.always("no more is taken than was wished", this::isBounded);
            world.whenQuiet("payment and bank agree", this::agrees);
            world.whenQuiet("the wish is true", this::isTrue);
        }

        private void wish(RandomGenerator random) {
            secure = random.nextInt(20);
            take = random.nextInt((int) secure + 1);
            back = Math.max(back, random.nextInt((int) take + 1));
            revision++;
        }

        /// Tells what the payment does not know yet, and tries again when the card gave too little.
        private boolean carry() {
            Standing standing = payment().standing();
            mostTaken = Math.max(mostTaken, take);
            boolean isKnown = revision == 0 || standing.revision() == revision;
            boolean isShort = standing.captured() + standing.setAside() < secure;
            if (isKnown && (!isShort || standing.isMoving())) {
                return false;
            }
            if (isKnown) {
                attempt = standing.attempt() + 1;
                revision++;
            }
            Card card = new Card(attempt, "card", "tok");
            List<GiveBack> refunds = List.of(new GiveBack("R1", back));
            world.send(
                    Payment.AGGREGATE,
                    ID,
                    new Settle(
                            ID, revision, Wishes.eur(1).currency(), secure, take, refunds, card));
            return true;
        }

        private Payment payment() {
            return world.state(Payment.AGGREGATE, ID);
        }

        private void isBounded() {
            assertThat(payment().captured()).isLessThanOrEqualTo(mostTaken);
            assertThat(payment().refunded()).isLessThanOrEqualTo(payment().captured());
        }

        private void agrees() {
            world.events(Payment.AGGREGATE, ID).forEach(event -> seen.add(event.getClass()));
            assertThat(moved(Kind.CAPTURE)).isEqualTo(bank.moved(Kind.CAPTURE));
            assertThat(moved(Kind.REFUND)).isEqualTo(bank.moved(Kind.REFUND));
            assertThat(world.stuckErrands()).isEmpty();
        }

        private long moved(Kind kind) {
            long sum = 0;
            for (Operation one : payment().operations()) {
                boolean wasMoved = one.status() == Status.DONE || one.status() == Status.SURPLUS;
                sum += one.kind() == kind && wasMoved ? one.amount().minor() : 0;
            }
            return sum;
        }

        private void isTrue() {
            Standing standing = payment().standing();
            assertThat(standing.isMoving()).isFalse();
            assertThat(standing.captured()).isGreaterThanOrEqualTo(take);
            assertThat(standing.captured() + standing.setAside()).isGreaterThanOrEqualTo(secure);
            assertThat(payment().overcharged()).isZero();
            if (standing.failing().isEmpty() && back > 0 && back <= standing.captured()) {
                assertThat(standing.refundedFor()).containsExactly(new GiveBack("R1", back));
            }
        }
    }

    /// Does once what is asked under one key, and is not always honest about it.
    private static final class Bank implements PaymentProvider {
        private static final Duration PROMISED = Duration.ofDays(7);

        private final World world;
        private final Map<String, Answer> answers = new HashMap<>();
        private final Map<Kind, Long> moved = new HashMap<>();

        Bank(World world) {
            this.world = world;
        }

        long moved(Kind kind) {
            return moved.getOrDefault(kind, 0L);
        }

        @Override
        public Answer authorize(String key, String payment, Money amount, String how, String tok) {
            return answer(
                    Kind.AUTHORIZATION,
                    key,
                    amount,
                    new Fact.RecordAuthorized(
                            number(key), amount, key, world.now().plus(PROMISED), null));
        }

        @Override
        public Answer capture(String key, String payment, String authorization, Money amount) {
            var told = new Fact.RecordCaptured(number(key), amount, key, null);
            return answer(Kind.CAPTURE, key, amount, told);
        }

        @Override
        public Answer cancel(String key, String payment, String authorization) {
            var told = new Fact.RecordVoided(number(key), key, null);
            return answer(Kind.VOID, key, Wishes.eur(1), told);
        }

        @Override
        public Answer refund(String key, String payment, @Nullable String capture, Money amount) {
            var told = new Fact.RecordRefunded(number(key), amount, key, null);
            return answer(Kind.REFUND, key, amount, told);
        }

        @Override
        public Answer find(String key) {
            return answers.getOrDefault(key, new Answer.NoSuchKey());
        }

        private Answer answer(Kind kind, String key, Money amount, Fact told) {
            if (oneIn(8)) {
                return new Answer.NotAsked("there is no way to the bank");
            }
            Answer answer = answers.get(key);
            if (answer == null) {
                boolean isContradicted = oneIn(8);
                answer =
                        isContradicted || oneIn(4)
                                ? new Answer.Declined("no")
                                : new Answer.Done(key, amount, world.now().plus(PROMISED));
                answers.put(key, answer);
                if (isContradicted) {
                    Duration later = Duration.ofHours(world.random().nextInt(48));
                    world.later(
                            later, "late " + key, () -> world.send(Payment.AGGREGATE, ID, told));
                }
                if (isContradicted || answer instanceof Answer.Done) {
                    moved.merge(kind, amount.minor(), Long::sum);
                }
            }
            return oneIn(8) ? new Answer.Unknown("the answer is lost") : answer;
        }

        private boolean oneIn(int times) {
            return !world.isCalm() && world.random().nextInt(times) == 0;
        }

        private static int number(String key) {
            return Integer.parseInt(key.substring(key.lastIndexOf('-') + 1));
        }
    }
}
