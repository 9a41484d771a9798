// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.money.Money;
import org.jspecify.annotations.Nullable;

/// What is done about an order's money, and what payments tell of it.
public final class PaymentFacts {

    private PaymentFacts() {}

    public sealed interface Command extends Order.Command {
        /// What the payment and store credit have to say, as a whole: an answer that is known
        /// already changes nothing, and nothing is refused because it comes late.
        record RecordMoney(MoneyStanding standing) implements Command {}

        /// The provider has not answered for long. An order that waits for nothing else is held, so
        /// that people look at it.
        record RecordNoAnswer() implements Command {}

        /// The time is over in which another card could be tried. An order whose card was declined
        /// is rejected, unless another one is being asked.
        record RecordNoOtherCard() implements Command {}

        /// Another card, as far as something is owed.
        ///
        /// @param token sealed; see [GiveCard]
        record Pay(@Nullable String method, @Nullable String token) implements Command {}

        /// Money came for the invoice, or was given back of it. No provider is asked.
        ///
        /// @param reference of the transfer: it counts once
        /// @param amount negative when it was given back
        record RecordInvoicePayment(@Nullable String reference, @Nullable Money amount)
                implements Command {}

        /// The customer need not pay so much of what the order costs: goodwill, a claim.
        ///
        /// @param id makes it one grant, however often it is told
        record GrantCredit(@Nullable String id, @Nullable Money amount, @Nullable String reason)
                implements Command {}
    }

    /// A reference says what the fact is about: `authorization-2` is the second attempt.
    public sealed interface Event extends Order.Event.Moving {
        /// Money is asked for from now on.
        record OrderPaymentRequested(Standing standing) implements Event {}

        /// The customer has given another card.
        ///
        /// @param attempt see [Cards#attempt]
        /// @param token sealed; in the clear where an earlier version has recorded it
        record OrderCardGiven(int attempt, String method, String token, Standing standing)
                implements Event {}

        /// The newest card is tried once more: its promise has ended or is not enough any more.
        ///
        /// @param isRenewal whether the promise was not kept
        record OrderCardTriedAgain(int attempt, boolean isRenewal, Standing standing)
                implements Event {}

        record OrderPaymentPending(String reference, Standing standing) implements Event {}

        record OrderPaymentAuthorized(String reference, Money amount, Standing standing)
                implements Event {}

        record OrderPaymentDeclined(String reference, Standing standing) implements Event {}

        record OrderPaymentCaptured(String reference, Money amount, Standing standing)
                implements Event {}

        record OrderPaymentRefunded(String reference, Money amount, Standing standing)
                implements Event {}

        record OrderPaymentVoided(String reference, Money amount, Standing standing)
                implements Event {}

        record OrderPaymentExpired(String reference, Money amount, Standing standing)
                implements Event {}

        /// Store credit was asked.
        ///
        /// @param amount what was promised; nothing, when the customer has none
        record OrderStoreCreditAuthorized(String reference, Money amount, Standing standing)
                implements Event {}

        record OrderStoreCreditTaken(String reference, Money amount, Standing standing)
                implements Event {}

        record OrderStoreCreditReleased(String reference, Money amount, Standing standing)
                implements Event {}

        record OrderStoreCreditReturned(String reference, Money amount, Standing standing)
                implements Event {}

        record OrderPaymentDisputed(String reference, Money amount, Standing standing)
                implements Event {}

        /// What was disputed is the shop's again.
        record OrderDisputeWon(String reference, Money amount, Standing standing)
                implements Event {}

        /// More is kept than was earned: the difference is to be given back.
        ///
        /// @param reason what for, as `return R1`
        /// @param toCredit what of the amount becomes store credit again
        record OrderRefundRequested(String reason, Money amount, Money toCredit, Standing standing)
                implements Event {}

        record OrderCreditGranted(String id, Money amount, String reason, Standing standing)
                implements Event {}

        /// Money came for the invoice, or was given back of it.
        ///
        /// @param amount negative when it was given back
        record OrderInvoicePaid(String reference, Money amount, Standing standing)
                implements Event {}
    }
}
