// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.testkit.Surroundings.surroundings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.PaymentFacts.Command.Pay;
import dev.fakta.orders.payments.SealedTokens;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Tokens of cards on their way to an order.
class GiveCardTest {

    private static Order.Command sent(@Nullable String method, @Nullable String token) {
        return surroundings()
                .sendingTo("o1")
                .process(GiveCard.sealing(Placing.SEAL), new GiveCard(method, token))
                .sent();
    }

    @Test
    void the_order_is_told_of_a_card_by_its_sealed_token() {
        assertThat(sent("card", "tok_2")).isEqualTo(new Pay("card", "sealed tok_2 for o1"));
        assertThat(sent(null, "tok_2")).isEqualTo(new Pay(null, "sealed tok_2 for o1"));
    }

    @Test
    void what_is_no_token_is_not_passed_on() {
        assertThat(sent("card", null)).isEqualTo(new Pay("card", null));
        assertThat(sent("card", " ")).isEqualTo(new Pay("card", null));
        assertThat(sent("card", "t".repeat(201))).isEqualTo(new Pay("card", null));
    }

    @Test
    void an_order_is_placed_with_a_sealed_token() {
        Placing placing = Placing.order();
        assertThat(placing.placed().payment().token()).isEqualTo(Placing.SEALED);
        PlaceOrder.Payment invoice = new PlaceOrder.Payment("invoice", null);
        assertThat(placing.payment(invoice).placed().payment().token()).isNull();
    }

    /// Of 200 characters that take the most bytes.
    @Test
    void a_token_of_any_allowed_length_is_taken_by_order_and_payment() {
        assertThat(TokenSeal.LONGEST).isEqualTo(SealedTokens.LONGEST);
        String longest = SealedTokens.ofThisProcess().seal("o1", "\uffee".repeat(200));
        assertThat(longest).hasSizeLessThanOrEqualTo(TokenSeal.LONGEST);
    }

    @Test
    void requests_do_not_show_the_token_in_their_text() {
        assertThat(new GiveCard("card", "tok_2"))
                .hasToString("GiveCard[method=card, token=(hidden)]");
        assertThat(Placing.order().request().toString())
                .contains("token=(hidden)")
                .doesNotContain("tok_");
    }
}
