// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.SagaState;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.Payment.Command;
import dev.fakta.runtime.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A provider at its worst: whatever it does, after the dust has settled each payment says what the
/// provider's ledger says, to the cent, and nothing was taken twice.
@Order(1)
class MisbehaviourTest {

    private static final int PAYMENTS = 24;
    private static final int ROUNDS = 5;

    @TempDir Path directory;

    private static Misbehaviours bad(long seed) {
        return new Misbehaviours(0.1, 0.04, 0.04, 0.08, 0.08, 0.3, 0.3, seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void payments_and_the_ledger_agree_to_the_cent(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (Till till = Till.misbehaving(directory, bad(seed))) {
            List<String> payments = new ArrayList<>();
            for (int i = 0; i < PAYMENTS; i++) {
                String payment = "p" + i;
                payments.add(payment);
                till.authorize(payment, random.nextLong(100, 100_000), "tok_ok");
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (String payment : payments) {
                    act(till, payment, round, random);
                }
                if (round == 2) {
                    till.restartSandbox(); // loses what is under way
                    till.misbehave(bad(seed + 100));
                }
            }
            till.behave();
            payments.forEach(payment -> awaitSettled(till, payment));
            for (String payment : payments) {
                till.send(payment, new Command.VoidPayment());
            }
            payments.forEach(payment -> awaitSettled(till, payment));
            payments.forEach(payment -> assertAgrees(till, payment));
            assertThat(till.alarms(Till.OPERATIONS, SagaState.Status.STUCK)).isEmpty();
            assertThat(till.alarms(Till.NOTICES, SagaState.Status.STUCK)).isEmpty();
        }
    }

    /// What is possible just now; that it is refused, as something is in flight, is as good.
    private static void act(Till till, String payment, int round, SplittableRandom random) {
        Money some = Money.of(random.nextLong(1, 20_000), "EUR");
        Command command =
                random.nextInt(3) == 0
                        ? new Command.Refund("return-" + round, some)
                        : new Command.Capture("parcel-" + round, some);
        Reply<Payment> reply = till.send(payment, command);
        assertThat(reply).isInstanceOfAny(Reply.Accepted.class, Reply.Rejected.class);
        await().pollDelay(Duration.ZERO)
                .atMost(Till.SOON)
                .until(() -> random.nextInt(3) > 0 || isSettled(till, payment));
    }

    private static boolean isSettled(Till till, String payment) {
        return till.payment(payment).operations().stream().noneMatch(Operation::isInFlight);
    }

    private static void awaitSettled(Till till, String payment) {
        await().atMost(Till.SOON).until(() -> isSettled(till, payment));
    }

    private static void assertAgrees(Till till, String id) {
        Payment payment = till.payment(id);
        if (payment.authorized() == 0) {
            assertThat(till.ledgerEntries(id)).as("%s was declined", id).isZero();
            return;
        }
        Account.Sums ledger = till.ledger(id);
        assertThat(ledger)
                .as("the ledger of %s, which has %s", id, payment.operations())
                .isEqualTo(
                        new Account.Sums(
                                id,
                                "EUR",
                                payment.authorized(),
                                payment.captured(),
                                payment.voided(),
                                0,
                                payment.refunded(),
                                0));
    }
}
