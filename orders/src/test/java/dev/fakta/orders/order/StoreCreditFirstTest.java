// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.orders.order.OrderCommands.ALL;
import static dev.fakta.orders.order.OrderCommands.GRAND;
import static dev.fakta.orders.order.OrderCommands.NOON;
import static dev.fakta.orders.order.OrderCommands.heard;
import static dev.fakta.orders.order.OrderCommands.units;
import static dev.fakta.orders.order.OrderWays.after;
import static dev.fakta.orders.order.OrderWays.and;
import static dev.fakta.orders.order.OrderWays.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.Axes.Payment;
import dev.fakta.orders.order.MoneyStanding.OfCards;
import dev.fakta.orders.order.MoneyStanding.OfCredit;
import dev.fakta.orders.order.MoneyStanding.Outcome;
import dev.fakta.orders.order.MoneyWish.Card;
import dev.fakta.orders.order.MoneyWish.Credit;
import dev.fakta.orders.order.MoneyWish.GiveBack;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.Order.Command.RequestCancellation;
import dev.fakta.orders.order.PaymentFacts.Command.Pay;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnClosed;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnRequested;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDelivered;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDispatched;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentPlanned;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The money of an order that store credit pays first, and a card for what is missing: the customer
/// has 10.00 to spend.
class StoreCreditFirstTest {

    private static final long CREDIT = 1000;
    private static final long REST = GRAND - CREDIT;
    private static final long TEA = OrderCommands.teaValue().minor();

    private static final OfCredit HELD = new OfCredit(true, CREDIT, CREDIT, 0, 0);
    private static final OfCredit TAKEN = new OfCredit(true, CREDIT, 0, CREDIT, 0);
    private static final OfCards PROMISED =
            new OfCards(REST, 0, 0, 0, 1, Outcome.AUTHORIZED, List.of());
    private static final OfCards PAID =
            new OfCards(0, REST, 0, 0, 1, Outcome.AUTHORIZED, List.of());

    private static final OrderCreated CREDIT_FIRST =
            Placing.order()
                    .lines(Placing.line("tea", 2L), Placing.line("cup", 3L))
                    .payment(new PlaceOrder.Payment("card", "tok_ok", true))
                    .placed();

    private static final List<Command> ASKED =
            List.of(new Command.CreateOrder(CREDIT_FIRST), OrderCommands.reserved(CREDIT_FIRST));

    private static final List<Command> CONFIRMED =
            and(
                    ASKED,
                    heard(OfCards.NONE, HELD),
                    heard(PROMISED, HELD),
                    OrderCommands.firm(CREDIT_FIRST));

    private static final List<Command> DELIVERED =
            and(
                    CONFIRMED,
                    heard(PROMISED, TAKEN),
                    new RecordShipmentPlanned("s1", ALL),
                    new RecordShipmentDispatched("s1", "T"),
                    heard(PAID, TAKEN),
                    new RecordShipmentDelivered("s1", List.of(), NOON));

    @Test
    void store_credit_is_asked_before_the_card() {
        MoneyWish first = state(ASKED).moneyWish();
        assertThat(first.credit()).isEqualTo(new Credit(GRAND, 0, 0));
        assertThat(first.secure()).isZero();
        assertThat(state(ASKED, heard(OfCards.NONE, HELD)).moneyWish().secure()).isEqualTo(REST);
    }

    @Test
    void a_customer_without_store_credit_pays_by_card() {
        Order order = state(ASKED, heard(OfCards.NONE, new OfCredit(true, 0, 0, 0, 0)));
        assertThat(order.moneyWish().secure()).isEqualTo(GRAND);
        assertThat(order.moneyWish().card()).isEqualTo(new Card(1, "card", Placing.SEALED));
    }

    @Test
    void credit_and_card_together_are_enough() {
        assertThat(state(CONFIRMED).payment()).isEqualTo(Payment.AUTHORIZED);
    }

    @Test
    void store_credit_is_taken_when_the_order_is_confirmed_and_the_card_when_it_leaves() {
        MoneyWish confirmed = state(CONFIRMED).moneyWish();
        assertThat(confirmed.credit().take()).isEqualTo(CREDIT);
        assertThat(confirmed.take()).isZero();
        Order delivered = state(DELIVERED);
        assertThat(delivered.moneyWish().take()).isEqualTo(REST);
        assertThat(delivered.payment()).isEqualTo(Payment.CAPTURED);
    }

    @Test
    void the_card_gets_its_money_back_before_the_store_credit() {
        List<Command> part =
                and(
                        DELIVERED,
                        new RecordReturnRequested("r1", units(0, 2)),
                        new RecordReturnClosed("r1", units(0, 2)));
        assertThat(state(part).moneyWish().refunds())
                .containsExactly(new GiveBack("return r1", TEA));
        assertThat(state(part).moneyWish().credit().back()).isZero();
        Order all =
                state(
                        part,
                        new RecordReturnRequested("r2", units(1, 3)),
                        new RecordReturnClosed("r2", units(1, 3)));
        assertThat(all.moneyWish().refunds())
                .containsExactly(
                        new GiveBack("return r1", TEA), new GiveBack("return r2", REST - TEA));
        assertThat(all.moneyWish().credit().back()).isEqualTo(CREDIT);
    }

    @Test
    void what_a_bank_wants_back_is_not_asked_of_the_card_again() {
        OfCards disputed = new OfCards(0, REST, 0, REST, 1, Outcome.AUTHORIZED, List.of());
        Order order =
                state(
                        DELIVERED,
                        heard(disputed, TAKEN),
                        new RecordReturnRequested("r1", ALL),
                        new RecordReturnClosed("r1", ALL));
        assertThat(order.moneyWish().refunds()).isEmpty();
        assertThat(order.moneyWish().credit().back()).isEqualTo(CREDIT);
    }

    @Test
    void a_cancelled_order_gives_its_store_credit_back_and_takes_no_other() {
        Order order = state(CONFIRMED, heard(PROMISED, TAKEN), new RequestCancellation(null));
        assertThat(order.moneyWish().secure()).isZero();
        assertThat(order.moneyWish().credit()).isEqualTo(new Credit(CREDIT, CREDIT, CREDIT));
    }

    @Test
    void what_became_store_credit_again_is_paid_by_the_card_when_the_order_gets_dearer() {
        List<Command> back =
                and(
                        CONFIRMED,
                        heard(PROMISED, TAKEN),
                        new RecordShipmentPlanned("s1", units(1, 1)),
                        new RecordShipmentDispatched("s1", "T"),
                        new PaymentFacts.Command.GrantCredit(
                                "g1", OrderCommands.eur(GRAND - 500), null));
        assertThat(state(back).moneyWish().credit().back()).isEqualTo(CREDIT - 500);
        Order dearer =
                state(
                        back,
                        new Edits.Command.ProposeEdit(
                                List.of(), List.of(OrderCommands.spare(), OrderCommands.spare())),
                        new Edits.Command.ApplyEdit());
        assertThat(dearer.due()).isEqualTo(1500);
        assertThat(dearer.moneyWish().secure()).isEqualTo(1000);
    }

    @Test
    void store_credit_that_others_spent_meanwhile_is_declined_until_a_card_is_given() {
        OrderCreated creditOnly =
                Placing.order()
                        .payment(new PlaceOrder.Payment("store-credit", null))
                        .credit(OrderCommands.eur(GRAND))
                        .placed();
        List<Command> asked =
                List.of(
                        new Command.CreateOrder(creditOnly),
                        OrderCommands.reserved(creditOnly),
                        heard(OfCards.NONE, HELD));
        assertThat(state(asked).payment()).isEqualTo(Payment.DECLINED);
        after(asked).when(heard(OfCards.NONE, HELD)).thenNothing();
        assertThat(state(asked, new Pay("card", "tok_2")).moneyWish().card())
                .isEqualTo(new Card(2, "card", "tok_2"));
    }

    @Test
    void an_older_standing_of_store_credit_changes_nothing() {
        after(DELIVERED).when(heard(PAID, HELD)).thenNothing();
        OfCredit released = new OfCredit(true, CREDIT, 0, 0, 0);
        List<Command> letGo =
                and(
                        new ArrayList<>(CONFIRMED),
                        new RequestCancellation(null),
                        heard(OfCards.NONE, released));
        after(letGo).when(heard(OfCards.NONE, HELD)).thenNothing();
    }
}
