// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import static net.jqwik.api.Arbitraries.frequencyOf;
import static net.jqwik.api.Combinators.combine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.Histories;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Operation.Status;
import dev.fakta.orders.payments.Payment.Command;
import dev.fakta.orders.payments.Payment.Command.Fact;
import dev.fakta.orders.payments.Payment.Event;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/// What holds of a payment after any commands and any facts.
class PaymentPropertiesTest {

    private static final Instant START = Instant.parse("2026-07-01T12:00:00Z");
    private static final long TOTAL = 4;

    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void money_adds_up_whatever_we_ask_and_whatever_the_provider_tells(
            @ForAll @Size(min = 20, max = 120) List<@From("commands") Command> commands) {
        Histories.run(
                Payment.AGGREGATE,
                commands,
                (payment, events) -> {
                    sumsAreInOrder(payment);
                    oneOperationOfAKindIsInFlight(payment);
                    nothingUnwantedIsForgotten(payment);
                    Ledger ledger = Ledger.of(events);
                    assertThat(payment.captured()).isEqualTo(ledger.captured);
                    assertThat(payment.refunded()).isEqualTo(ledger.refunded);
                    assertThat(payment.overcharged()).isEqualTo(ledger.overcharged);
                });
    }

    private static void sumsAreInOrder(Payment payment) {
        assertThat(payment.captured()).isLessThanOrEqualTo(payment.authorized());
        assertThat(payment.captured()).isLessThanOrEqualTo(TOTAL);
        assertThat(payment.refunded()).isLessThanOrEqualTo(payment.captured());
        assertThat(payment.voided() + payment.captured()).isLessThanOrEqualTo(payment.authorized());
        assertThat(payment.overcharged()).isNotNegative();
    }

    private static void oneOperationOfAKindIsInFlight(Payment payment) {
        Set<String> keys = new HashSet<>();
        Map<Kind, Integer> inFlight = new HashMap<>();
        for (Operation one : payment.operations()) {
            assertThat(keys.add(one.key("p"))).as("a key is used once").isTrue();
            if (one.isInFlight()) {
                assertThat(inFlight.merge(one.kind(), 1, Integer::sum)).isEqualTo(1);
            }
        }
    }

    /// What is held or taken without being wanted is being given back, or that has failed.
    private static void nothingUnwantedIsForgotten(Payment payment) {
        for (Operation one : payment.operations()) {
            if (one.kind() == Kind.CAPTURE && one.status() == Status.SURPLUS) {
                assertThat(has(payment, Kind.REFUND, one.number(), Kind.REFUND)).isTrue();
            }
            boolean isWanted = !payment.cancelled() && one.equals(payment.authorization());
            if (payment.isLive(one) && !isWanted) {
                assertThat(
                                PaymentDecision.isBusy(payment, one)
                                        || has(payment, Kind.VOID, one.number(), Kind.VOID))
                        .isTrue();
            }
        }
    }

    /// Whether there is such an operation, or one of this kind must be awaited first.
    private static boolean has(Payment payment, Kind kind, int about, Kind awaited) {
        return payment.inFlight(awaited) != null
                || payment.operations().stream()
                        .anyMatch(one -> one.kind() == kind && one.about() == about);
    }

    /// The same told by the events alone.
    private static final class Ledger {
        private long captured;
        private long refunded;
        private long overcharged;
        private final Map<Integer, Integer> corrections = new HashMap<>();
        private final Set<String> ids = new HashSet<>();

        static Ledger of(List<Event> events) {
            Ledger ledger = new Ledger();
            events.forEach(ledger::add);
            return ledger;
        }

        private void add(Event event) {
            String id =
                    switch (event) {
                        case Event.PaymentAuthorized e -> e.providerEvent();
                        case Event.PaymentDeclined e -> e.providerEvent();
                        case Event.PaymentCaptured e -> {
                            captured += e.amount().minor();
                            yield e.providerEvent();
                        }
                        case Event.PaymentOvercharged e -> {
                            overcharged += e.amount().minor();
                            yield e.providerEvent();
                        }
                        case Event.PaymentCaptureFailed e -> e.providerEvent();
                        case Event.PaymentVoided e -> e.providerEvent();
                        case Event.PaymentVoidFailed e -> e.providerEvent();
                        case Event.RefundRequested e -> {
                            corrections.put(e.number(), e.overcharge());
                            yield null;
                        }
                        case Event.PaymentRefunded e -> {
                            boolean corrects = corrections.getOrDefault(e.number(), 0) > 0;
                            overcharged -= corrects ? e.amount().minor() : 0;
                            refunded += corrects ? 0 : e.amount().minor();
                            yield e.providerEvent();
                        }
                        case Event.PaymentRefundedBeyond e -> e.providerEvent();
                        case Event.PaymentRefundFailed e -> e.providerEvent();
                        case Event.DisputeOpened e -> e.providerEvent();
                        case Event.DisputeClosed e -> e.providerEvent();
                        case Event.AuthorizationRequested _,
                                Event.AuthorizationExpired _,
                                Event.CaptureRequested _,
                                Event.PaymentCancelled _,
                                Event.VoidRequested _,
                                Event.WishChanged _,
                                Event.PaymentRefundSettled _,
                                Event.OutcomeUnknown _ ->
                                null;
                    };
            assertThat(id == null || ids.add(id)).as("%s counts once", id).isTrue();
        }
    }

    @Provide
    static Arbitrary<Command> commands() {
        Arbitrary<Integer> numbers = Arbitraries.of(1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 0);
        Arbitrary<@Nullable Money> amounts =
                Arbitraries.of(4, 4, 4, 4, 4, 4, 2, 1, 0)
                        .map(minor -> Money.of(minor, "EUR"))
                        .injectNull(0.02);
        Arbitrary<Money> totals = Arbitraries.just(Money.of(TOTAL, "EUR"));
        Arbitrary<@Nullable String> names =
                Arbitraries.of("a", "a", "b", "overcharge-1").injectNull(0.02);
        Arbitrary<@Nullable String> ids =
                Arbitraries.integers().between(0, 1_000).map(n -> "e" + n).injectNull(0.3);
        Arbitrary<Instant> times = Arbitraries.of(0, 1, 2).map(START::plusSeconds);
        Arbitrary<Command> asked =
                frequencyOf(
                        Tuple.of(
                                4,
                                combine(Arbitraries.just("o"), totals, amounts, names, names)
                                        .as(Command.RequestAuthorization::new)),
                        Tuple.of(1, combine(numbers, times).as(Command.ExpireAuthorization::new)),
                        Tuple.of(9, combine(names, amounts).as(Command.Capture::new)),
                        Tuple.of(1, Arbitraries.just(new Command.VoidPayment())),
                        Tuple.of(1, combine(numbers, names).as(Command.SettleRefund::new)),
                        Tuple.of(6, combine(names, amounts).as(Command.Refund::new)));
        Arbitrary<Command> successes =
                frequencyOf(
                        Tuple.of(
                                5,
                                combine(numbers, amounts, names, times, ids)
                                        .as(Fact.RecordAuthorized::new)),
                        Tuple.of(
                                9,
                                combine(numbers, amounts, names, ids).as(Fact.RecordCaptured::new)),
                        Tuple.of(2, combine(numbers, names, ids).as(Fact.RecordVoided::new)),
                        Tuple.of(
                                6,
                                combine(numbers, amounts, names, ids)
                                        .as(Fact.RecordRefunded::new)));
        Arbitrary<Command> failures =
                frequencyOf(
                        Tuple.of(2, combine(numbers, names, ids).as(Fact.RecordDeclined::new)),
                        Tuple.of(8, combine(numbers, names, ids).as(Fact.RecordCaptureFailed::new)),
                        Tuple.of(2, combine(numbers, names, ids).as(Fact.RecordVoidFailed::new)),
                        Tuple.of(6, combine(numbers, names, ids).as(Fact.RecordRefundFailed::new)),
                        Tuple.of(
                                1,
                                combine(Arbitraries.of(Kind.class), numbers)
                                        .as(Fact.RecordOutcomeUnknown::new)),
                        Tuple.of(
                                1,
                                combine(names, Arbitraries.of(true, false), ids)
                                        .as(Fact.RecordDisputeClosed::new)),
                        Tuple.of(
                                1,
                                combine(names, amounts, names, ids).as(Fact.RecordDispute::new)));
        return frequencyOf(Tuple.of(4, asked), Tuple.of(4, successes), Tuple.of(2, failures));
    }
}
