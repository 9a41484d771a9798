// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static dev.fakta.orders.saga.Baskets.NOON;
import static dev.fakta.orders.saga.Baskets.eur;
import static dev.fakta.testkit.SagaScenario.scenario;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.inventory.StockItem;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.ReturnFacts.Command.RecordReturnClosed;
import dev.fakta.orders.order.ReturnFacts.Event.OrderReturnRequested;
import dev.fakta.orders.order.Standing;
import dev.fakta.orders.returns.Return;
import dev.fakta.orders.returns.ReturnProcessors;
import dev.fakta.testkit.SagaScenario;
import java.math.RoundingMode;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The row `return` of the order saga's table.
class ReturnSagaTest {

    private static final Return.Request REQUEST =
            new Return.Request(
                    "o-1",
                    List.of(
                            new Return.Line(0, "tea", 2, 2, "main", eur(2000), 2, 0),
                            new Return.Line(1, "cup", 1, 1, "main", eur(1000), 1, 0)),
                    "too bitter",
                    NOON,
                    RoundingMode.HALF_EVEN,
                    eur(3000));

    private static SagaScenario<ReturnSaga.Event, ReturnSaga> requested() {
        return scenario(ReturnSaga.SAGA, "r-1").when(new Return.Event.ReturnRequested(REQUEST));
    }

    private static SagaScenario<ReturnSaga.Event, ReturnSaga> received() {
        return requested().when(new Return.Event.ReturnReceived(List.of(new LineUnits(0, 2))));
    }

    @Test
    void return_what_is_good_lies_in_the_warehouse_again_and_then_it_is_closed() {
        received()
                .when(
                        new Return.Event.ReturnInspected(
                                List.of(
                                        new Return.Inspected(0, 1, 1),
                                        new Return.Inspected(1, 0, 1)),
                                null))
                .thenSends(new StockItem.Command.Restock(1L, "return r-1/0"))
                .whenAccepted("restock-returned")
                .thenSends(new ReturnProcessors.Step())
                .whenAccepted("close-return")
                .thenCompleted();
    }

    @Test
    void return_what_is_good_lies_where_it_had_left_or_where_the_inspection_says() {
        var graz = new Return.Line(0, "tea", 2, 2, "graz", eur(2000), 2, 0);
        var asked =
                new Return.Request(
                        "o-1", List.of(graz), "", NOON, RoundingMode.HALF_EVEN, eur(2000));
        var good = List.of(new Return.Inspected(0, 1, 0));
        var received =
                scenario(ReturnSaga.SAGA, "r-1").when(new Return.Event.ReturnRequested(asked));
        received.when(new Return.Event.ReturnInspected(good, null))
                .andState(
                        saga ->
                                assertThat(saga.restocked().getFirst().location())
                                        .isEqualTo("graz"));
        scenario(ReturnSaga.SAGA, "r-1")
                .when(new Return.Event.ReturnRequested(asked))
                .when(new Return.Event.ReturnInspected(good, "hof"))
                .andState(
                        saga ->
                                assertThat(saga.restocked().getFirst().location())
                                        .isEqualTo("hof"));
    }

    @Test
    void return_what_is_broken_never_comes_back_on_hand() {
        received()
                .when(
                        new Return.Event.ReturnInspected(
                                List.of(new Return.Inspected(0, 0, 2)), null))
                .thenSends(new ReturnProcessors.Step());
    }

    @Test
    void return_that_nothing_comes_of_expires_after_thirty_days() {
        requested()
                .whenTimePasses(ReturnSaga.WINDOW)
                .thenSends(new Return.Command.ExpireReturn())
                .whenAccepted("expire-return")
                .when(new Return.Event.ReturnExpired())
                .thenSends(new RecordReturnClosed("r-1", List.of()))
                .whenAccepted("free-units")
                .thenCompleted();
    }

    private static final OrderReturnRequested SET_ASIDE =
            new OrderReturnRequested("r-1", List.of(new LineUnits(0, 2)), Standing.CREATED);

    @Test
    void return_that_was_never_requested_has_its_order_let_go_of_the_units() {
        scenario(ReturnSaga.SAGA, "r-1")
                .whenIn("o-1", SET_ASIDE)
                .whenTimePasses(ReturnSaga.REQUEST_WINDOW)
                .thenSends(new Return.Command.AbandonReturn())
                .whenAccepted("abandon-return")
                .when(new Return.Event.ReturnAbandoned())
                .thenSends(new RecordReturnClosed("r-1", List.of()))
                .whenAccepted("free-units")
                .thenCompleted();
    }

    @Test
    void return_that_was_requested_is_not_abandoned_whatever_is_heard_first() {
        requested()
                .whenIn("o-1", SET_ASIDE)
                .whenTimePasses(ReturnSaga.REQUEST_WINDOW)
                .thenSendsNothing();
        scenario(ReturnSaga.SAGA, "r-1")
                .whenIn("o-1", SET_ASIDE)
                .when(new Return.Event.ReturnRequested(REQUEST))
                .whenTimePasses(ReturnSaga.REQUEST_WINDOW)
                .thenSendsNothing();
    }

    @Test
    void return_that_is_rejected_has_its_order_let_go_of_the_units() {
        requested()
                .when(new Return.Event.ReturnRejected("worn"))
                .thenSends(new RecordReturnClosed("r-1", List.of()))
                .whenAccepted("free-units")
                .thenCompleted();
    }

    @Test
    void return_that_came_does_not_expire() {
        received().whenTimePasses(ReturnSaga.PATIENCE).thenStuck("nothing has come");
    }

    @Test
    void return_that_people_have_closed_meanwhile_is_over() {
        received()
                .when(new Return.Event.ReturnInspected(List.of(), null))
                .whenRefused("close-return", Return.Refusal.RETURN_CLOSED)
                .thenCompleted();
    }

    @Test
    void return_that_cannot_be_closed_is_for_people() {
        received()
                .when(new Return.Event.ReturnInspected(List.of(), null))
                .whenRefused("close-return", Return.Refusal.RETURN_NOT_INSPECTED)
                .thenParked("close-return");
    }
}
