// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import static dev.fakta.orders.order.OrderCommands.ALL;
import static dev.fakta.orders.order.OrderCommands.CREATED;
import static dev.fakta.orders.order.OrderCommands.GRAND;
import static dev.fakta.orders.order.OrderCommands.NOON;
import static dev.fakta.orders.order.OrderCommands.eur;
import static dev.fakta.orders.order.OrderCommands.teaValue;
import static dev.fakta.orders.order.OrderCommands.units;
import static dev.fakta.orders.order.OrderWays.CONFIRMED;
import static dev.fakta.orders.order.OrderWays.DELIVERED;
import static dev.fakta.orders.order.OrderWays.SHIPPED;
import static dev.fakta.orders.order.OrderWays.after;
import static dev.fakta.orders.order.OrderWays.and;
import static dev.fakta.orders.order.OrderWays.state;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.order.Axes.Returns;
import dev.fakta.orders.order.Order.Command;
import dev.fakta.orders.order.Order.Refusal;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnClosed;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnReceived;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnRequested;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDelivered;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentDispatched;
import dev.fakta.orders.order.ShipmentFacts.Command.RecordShipmentPlanned;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What changes of an order that is on its way: goods that come back, edits, another address.
class OrderChangesTest {

    @Nested
    class Returning {
        @Test
        void only_delivered_units_that_are_in_no_other_return_come_back() {
            after(SHIPPED)
                    .when(new RecordReturnRequested("r1", units(0, 1)))
                    .thenRejected(Refusal.NOTHING_TO_RETURN);
            after(and(DELIVERED, new RecordReturnRequested("r1", units(0, 2))))
                    .when(new RecordReturnRequested("r2", units(0, 1)))
                    .thenRejected(Refusal.UNITS_NOT_RETURNABLE);
        }

        @Test
        void the_axis_tells_how_far_returns_are() {
            List<Command> asked = and(DELIVERED, new RecordReturnRequested("r1", units(0, 2)));
            assertThat(state(asked).returns()).isEqualTo(Returns.REQUESTED);
            assertThat(state(asked, new RecordReturnReceived("r1")).returns())
                    .isEqualTo(Returns.IN_PROGRESS);
            assertThat(state(asked, new RecordReturnClosed("r1", List.of())).returns())
                    .isEqualTo(Returns.NONE);
        }

        @Test
        void when_everything_comes_back_shipping_is_refunded_too() {
            List<Command> asked = and(DELIVERED, new RecordReturnRequested("r1", ALL));
            Order order = state(asked, new RecordReturnClosed("r1", ALL));
            assertThat(order.returns()).isEqualTo(Returns.RETURNED);
            assertThat(order.due()).isZero();
            assertThat(order.money().asked()).isEqualTo(GRAND);
        }

        @Test
        void two_returns_that_are_closed_at_once_are_two_refunds() {
            Order order =
                    state(
                            DELIVERED,
                            new RecordReturnRequested("r1", units(0, 1)),
                            new RecordReturnRequested("r2", units(0, 1)),
                            new RecordReturnClosed("r1", units(0, 1)),
                            new RecordReturnClosed("r2", units(0, 1)));
            assertThat(order.moneyWish().refunds())
                    .containsExactly(
                            new MoneyWish.GiveBack("return r1", 1999),
                            new MoneyWish.GiveBack("return r2", 1999));
        }

        @Test
        void a_return_that_is_closed_again_refunds_nothing_again() {
            List<Command> closed =
                    and(
                            DELIVERED,
                            new RecordReturnRequested("r1", units(0, 2)),
                            new RecordReturnClosed("r1", units(0, 2)));
            assertThat(state(closed).refundFor("r1", units(0, 2))).isEqualTo(teaValue());
            after(closed)
                    .when(new RecordReturnClosed("r1", units(0, 2)))
                    .thenNothing()
                    .when(new RecordReturnClosed("r1", units(0, 1)))
                    .thenRejected(Refusal.RETURN_CLOSED);
        }

        @Test
        void what_was_not_captured_is_not_refunded() {
            OrderCreated invoice =
                    Placing.order().payment(new PlaceOrder.Payment("invoice", null)).placed();
            Order order =
                    state(
                            List.of(new Command.CreateOrder(invoice)),
                            OrderCommands.firm(invoice),
                            new RecordShipmentPlanned("s", units(0, 2)),
                            new RecordShipmentDispatched("s", ""),
                            new RecordShipmentDelivered("s", List.of(), NOON),
                            new RecordReturnRequested("r", units(0, 1)));
            assertThat(order.refundFor("r", units(0, 1))).isEqualTo(eur(0));
        }
    }

    @Nested
    class Editing {
        private final Edits.Command propose =
                new Edits.Command.ProposeEdit(units(0, 1), List.of(OrderCommands.spare()));

        @Test
        void an_edit_shows_its_price_before_it_is_applied() {
            Order proposed = state(CONFIRMED, propose);
            Edits.Proposal proposal = Objects.requireNonNull(proposed.changes().proposal());
            assertThat(proposal.difference()).isEqualTo(eur(500 - 1999));
            assertThat(proposed.due()).isEqualTo(GRAND);
            Order applied = state(CONFIRMED, propose, new Edits.Command.ApplyEdit());
            assertThat(applied.due()).isEqualTo(GRAND + 500 - 1999);
            assertThat(applied.lines()).hasSize(3);
            assertThat(applied.quantities(2).open()).isEqualTo(1);
            assertThat(applied.changes().proposal()).isNull();
        }

        @Test
        void an_edit_that_costs_more_has_the_card_tried_for_the_difference() {
            Edits.Command more =
                    new Edits.Command.ProposeEdit(List.of(), List.of(OrderCommands.spare()));
            Order dearer = state(CONFIRMED, more, new Edits.Command.ApplyEdit());
            assertThat(dearer.due()).isEqualTo(GRAND + 500);
            assertThat(dearer.moneyWish().secure()).isEqualTo(GRAND + 500);
            assertThat(dearer.money().card().attempt()).isEqualTo(2);
        }

        @Test
        void an_edit_whose_units_have_gone_meanwhile_is_not_applied() {
            after(and(CONFIRMED, propose, new RecordShipmentPlanned("s", units(0, 2))))
                    .when(new Edits.Command.ApplyEdit())
                    .thenRejected(Refusal.UNITS_NOT_OPEN);
        }

        @Test
        void an_edit_is_discarded_or_was_never_there() {
            after(and(CONFIRMED, propose, new Edits.Command.DiscardEdit()))
                    .when(new Edits.Command.ApplyEdit())
                    .thenRejected(Refusal.NO_EDIT);
            after(CONFIRMED).when(new Edits.Command.DiscardEdit()).thenNothing();
        }

        @Test
        void an_edit_does_something_and_leaves_something() {
            after(CONFIRMED)
                    .when(new Edits.Command.ProposeEdit(List.of(), List.of()))
                    .thenRejected(Refusal.EDIT_EMPTY);
            after(CONFIRMED)
                    .when(new Edits.Command.ProposeEdit(ALL, List.of()))
                    .thenRejected(Refusal.NOTHING_LEFT);
        }

        @Test
        void the_address_changes_within_its_country_until_something_is_planned() {
            Address a = CREATED.address();
            Address near =
                    new Address("Eva", "Allee 2", null, "Berlin", null, "10117", a.country());
            assertThat(state(CONFIRMED, new Edits.Command.ChangeAddress(near)).address())
                    .isEqualTo(near);
            Address far = new Address("Eva", "Rue 1", null, "Paris", null, "75001", "FR");
            after(CONFIRMED)
                    .when(new Edits.Command.ChangeAddress(far))
                    .thenRejected(Refusal.TAX_WOULD_CHANGE);
            after(and(CONFIRMED, new RecordShipmentPlanned("s", ALL)))
                    .when(new Edits.Command.ChangeAddress(near))
                    .thenRejected(Refusal.SHIPMENT_PLANNED);
        }
    }
}
