// SPDX-License-Identifier: Apache-2.0
package dev.fakta.example;

import static dev.fakta.example.GiftCard.Refusal.ALREADY_ISSUED;
import static dev.fakta.example.GiftCard.Refusal.AMOUNT_INVALID;
import static dev.fakta.example.GiftCard.Refusal.INSUFFICIENT_BALANCE;
import static dev.fakta.example.GiftCard.Refusal.NOT_ISSUED;
import static dev.fakta.testkit.Given.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.example.GiftCard.Command.Issue;
import dev.fakta.example.GiftCard.Command.Spend;
import dev.fakta.example.GiftCard.Command.TopUp;
import dev.fakta.example.GiftCard.Event.Issued;
import dev.fakta.example.GiftCard.Event.Spent;
import dev.fakta.example.GiftCard.Event.ToppedUp;
import org.junit.jupiter.api.Test;

/// What a gift card decides.
final class GiftCardTest {

    @Test
    void a_card_is_issued_once() {
        given(GiftCard.AGGREGATE).when(new Issue(5_000)).then(new Issued(5_000));
        given(GiftCard.AGGREGATE, new Issued(5_000))
                .when(new Issue(5_000))
                .thenRejected(ALREADY_ISSUED);
    }

    @Test
    void a_card_is_issued_with_an_amount() {
        given(GiftCard.AGGREGATE).when(new Issue(0)).thenRejected(AMOUNT_INVALID);
        given(GiftCard.AGGREGATE).when(new Issue(Long.MAX_VALUE)).thenRejected(AMOUNT_INVALID);
    }

    // region overspending
    @Test
    void a_card_cannot_be_overspent() {
        given(GiftCard.AGGREGATE, new Issued(5_000))
                .when(new Spend("order-1", 6_000))
                .thenRejected(INSUFFICIENT_BALANCE);
    }

    // endregion

    @Test
    void a_card_is_spent_in_parts() {
        given(GiftCard.AGGREGATE, new Issued(5_000))
                .when(new Spend("order-1", 2_000))
                .then(new Spent("order-1", 2_000))
                .when(new Spend("order-2", 3_000))
                .then(new Spent("order-2", 3_000))
                .andState(card -> assertThat(card.balance()).isZero());
    }

    @Test
    void an_order_is_paid_once() {
        given(GiftCard.AGGREGATE, new Issued(5_000), new Spent("order-1", 5_000))
                .when(new Spend("order-1", 5_000))
                .thenNothing();
    }

    @Test
    void a_card_that_was_never_issued_cannot_be_used() {
        given(GiftCard.AGGREGATE).when(new Spend("order-1", 1)).thenRejected(NOT_ISSUED);
        given(GiftCard.AGGREGATE).when(new TopUp(1)).thenRejected(NOT_ISSUED);
    }

    // region further-command-test
    @Test
    void a_card_can_be_topped_up() {
        given(GiftCard.AGGREGATE, new Issued(5_000))
                .when(new TopUp(1_000))
                .then(new ToppedUp(1_000))
                .andState(card -> assertThat(card.balance()).isEqualTo(6_000));
    }

    // endregion
}
