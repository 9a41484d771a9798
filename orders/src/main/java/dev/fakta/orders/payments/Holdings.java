// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Operation.Status;
import dev.fakta.orders.payments.Payment.GiveBack;
import dev.fakta.orders.payments.Payment.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a payment holds, took and owes when an order wishes for it: all of it derived from its
/// operations. In minor units.
record Holdings(Payment payment) {

    /// So often a refund is asked for by itself before people have to look at it.
    static final int MOST_TRIES = 10;

    /// The authorizations that captures may be taken from, the oldest first.
    List<Operation> usable() {
        return payment.operations().stream()
                .filter(one -> payment.isLive(one) && !isSpoiled(one) && !isLetGo(one))
                .toList();
    }

    /// Whether a capture from the authorization failed: no other one will do better.
    boolean isSpoiled(Operation authorization) {
        return has(
                one ->
                        one.kind() == Kind.CAPTURE
                                && one.about() == authorization.number()
                                && one.status() == Status.FAILED);
    }

    /// Whether the provider was asked to void the authorization, whatever came of it.
    boolean isLetGo(Operation authorization) {
        return has(one -> one.kind() == Kind.VOID && one.about() == authorization.number());
    }

    long setAside() {
        long sum = 0;
        for (Operation one : usable()) {
            sum += payment.uncaptured(one);
        }
        return sum;
    }

    /// The last refund that was asked for about this surplus capture, or for this reason when it is
    /// about none.
    @Nullable Operation lastRefund(int about, String reason) {
        Operation last = null;
        for (Operation one : payment.operations()) {
            last = isRefund(one, about, reason) ? one : last;
        }
        return last;
    }

    /// What has to be asked for so that as much is given back for the reason as the order wants.
    /// What came back to the customer beyond that is taken into account.
    long missing(String reason) {
        return owedFor(reason) - sum(reason, one -> !one.hasComeToNothing());
    }

    /// Whether a refund that was made, and was not expected any more, is one that may stand.
    boolean isOwed(Operation refund) {
        if (refund.about() > 0) {
            return !has(one -> isRefund(one, refund.about(), "") && counts(one));
        }
        Operation open = payment.inFlight(Kind.REFUND);
        long pending = open == null || open.about() > 0 ? 0 : open.amount().minor();
        long amount = refund.amount().minor();
        return amount <= owedFor(refund.purpose()) - sum(refund.purpose(), Holdings::counts)
                && amount <= payment.captured() - payment.refunded() - pending;
    }

    /// What was promised and given back without having been taken.
    long voided() {
        long sum = 0;
        for (Operation one : payment.operations()) {
            sum += one.status() == Status.VOIDED ? uncaptured(one) : 0;
        }
        return sum;
    }

    /// What was taken beyond what was agreed, and not given back yet.
    long overcharged() {
        long sum = 0;
        for (Operation one : payment.operations()) {
            boolean isReturned =
                    one.kind() == Kind.REFUND && one.about() > 0 && one.status() == Status.DONE;
            sum += Corrections.isSurplus(one) ? one.amount().minor() : 0;
            sum -= isReturned ? one.amount().minor() : 0;
        }
        return sum;
    }

    /// What is left of an authorization, as long as no capture is in flight.
    long uncaptured(Operation authorization) {
        long left = authorization.amount().minor();
        for (Operation one : payment.operations()) {
            boolean isOfIt = one.kind() == Kind.CAPTURE && one.about() == authorization.number();
            left -= isOfIt && one.status() == Status.DONE ? one.amount().minor() : 0;
        }
        return left;
    }

    Standing standing() {
        Wish wish = payment.wish();
        Operation last = lastAuthorization();
        return new Standing(
                wish == null ? -1 : wish.revision(),
                setAside(),
                until(),
                payment.captured(),
                payment.refunded(),
                refundedFor(),
                Dispute.contested(payment.disputes()),
                last == null ? 0 : last.number(),
                last == null ? Attempt.NONE : outcome(last),
                failing(),
                has(Operation::isInFlight));
    }

    private @Nullable Instant until() {
        Instant first = null;
        for (Operation one : usable()) {
            Instant end = one.expiresAt();
            boolean isFirst = end != null && (first == null || end.isBefore(first));
            first = isFirst ? end : first;
        }
        return first;
    }

    private @Nullable Operation lastAuthorization() {
        Operation last = null;
        for (Operation one : payment.operations()) {
            last = one.kind() == Kind.AUTHORIZATION ? one : last;
        }
        return last;
    }

    private Attempt outcome(Operation authorization) {
        return switch (authorization.status()) {
            case REQUESTED -> Attempt.PENDING;
            case UNKNOWN -> Attempt.UNKNOWN;
            case FAILED -> Attempt.DECLINED;
            case DONE, SURPLUS, SETTLED ->
                    end(
                            authorization,
                            isLetGo(authorization) ? Attempt.VOIDED : Attempt.AUTHORIZED);
            case VOIDED -> end(authorization, Attempt.VOIDED);
            case EXPIRED -> end(authorization, Attempt.EXPIRED);
        };
    }

    /// Of an authorization that a capture failed of, this is what matters, whatever came of the
    /// rest.
    private Attempt end(Operation authorization, Attempt otherwise) {
        return isSpoiled(authorization) ? Attempt.CAPTURE_FAILED : otherwise;
    }

    private List<GiveBack> refundedFor() {
        SortedMap<String, Long> sums = new TreeMap<>();
        for (Operation one : payment.operations()) {
            if (one.kind() == Kind.REFUND && one.about() == 0 && one.status() == Status.DONE) {
                sums.merge(one.purpose(), one.amount().minor(), Long::sum);
            }
        }
        return sums.entrySet().stream()
                .map((Map.Entry<String, Long> sum) -> new GiveBack(sum.getKey(), sum.getValue()))
                .toList();
    }

    private List<String> failing() {
        List<String> failing = new ArrayList<>();
        Wish wish = payment.wish();
        for (GiveBack one : wish == null ? List.<GiveBack>of() : wish.refunds()) {
            if (isStuck(one.reason())) {
                failing.add(one.reason());
            }
        }
        for (Operation one : payment.operations()) {
            boolean isTaken = Corrections.isSurplus(one) && isGivenUp(one.number(), "");
            if (isTaken && !Corrections.isRefunded(payment, one.number())) {
                failing.add(Corrections.purpose(one));
            }
        }
        failing.sort(null);
        return failing;
    }

    /// Whether less is given back for the reason than the order wants, and nothing will change
    /// that: it failed too often, something else was given back by mistake, or there were too many
    /// operations.
    private boolean isStuck(String reason) {
        if (sum(reason, Holdings::counts) >= owedFor(reason)) {
            return false;
        }
        return isGivenUp(0, reason)
                || missing(reason) <= 0
                || payment.operations().size() >= Settlement.MOST_OPERATIONS;
    }

    /// Whether as many refunds in a row failed as are tried.
    private boolean isGivenUp(int about, String reason) {
        int failures = 0;
        for (Operation one : payment.operations()) {
            if (isRefund(one, about, reason)) {
                failures = one.status() == Status.FAILED ? failures + 1 : 0;
            }
        }
        return failures >= MOST_TRIES;
    }

    /// How often in a row such an operation has failed, when this one fails: a refund for the same
    /// reason, a void of the same authorization.
    int failuresWith(Kind kind, int number) {
        Operation failing = payment.operation(kind, number);
        int failures = 1;
        for (Operation one : payment.operations()) {
            boolean isSame =
                    failing != null
                            && one.kind() == kind
                            && one.number() != number
                            && one.about() == failing.about()
                            && one.purpose().equals(failing.purpose());
            if (isSame) {
                failures = one.status() == Status.FAILED ? failures + 1 : 1;
            }
        }
        return failures;
    }

    /// Brings an event of the first version, which did not count them, to the second: it is tried
    /// again as after a first failure.
    static Map<String, Object> withFailures(Map<String, Object> event) {
        Map<String, Object> next = new HashMap<>(event);
        next.put("failures", 1);
        return next;
    }

    private long owedFor(String reason) {
        Wish wish = payment.wish();
        return wish == null ? 0 : wish.owedFor(reason);
    }

    private long sum(String reason, Predicate<Operation> which) {
        long sum = 0;
        for (Operation one : payment.operations()) {
            sum += isRefund(one, 0, reason) && which.test(one) ? one.amount().minor() : 0;
        }
        return sum;
    }

    private boolean has(Predicate<Operation> which) {
        return payment.operations().stream().anyMatch(which);
    }

    private static boolean counts(Operation one) {
        return one.isInFlight() || one.status() == Status.DONE;
    }

    private static boolean isRefund(Operation one, int about, String reason) {
        return one.kind() == Kind.REFUND
                && one.about() == about
                && (about > 0 || one.purpose().equals(reason));
    }
}
