// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.returns;

import static dev.fakta.testkit.Given.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Decision;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.returns.Return.Command;
import dev.fakta.orders.returns.Return.Command.AbandonReturn;
import dev.fakta.orders.returns.Return.Command.ApproveReturn;
import dev.fakta.orders.returns.Return.Command.CloseReturn;
import dev.fakta.orders.returns.Return.Command.ExpireReturn;
import dev.fakta.orders.returns.Return.Command.Inspect;
import dev.fakta.orders.returns.Return.Command.RecordReceived;
import dev.fakta.orders.returns.Return.Command.RejectReturn;
import dev.fakta.orders.returns.Return.Command.RequestReturn;
import dev.fakta.orders.returns.Return.Event;
import dev.fakta.orders.returns.Return.Inspected;
import dev.fakta.orders.returns.Return.Line;
import dev.fakta.orders.returns.Return.Refusal;
import dev.fakta.orders.returns.Return.Stage;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ReturnTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Instant NOON = Instant.parse("2026-07-01T12:00:00Z");
    private static final Instant END = NOON.plusSeconds(3600);

    /// Two of the three units of a line that costs 10.00 in all.
    private static final Line TEA = line(2, 3);

    private static final RequestReturn WISH = wish(NOON, TEA);
    private static final Event REQUESTED =
            new Event.ReturnRequested(
                    new Return.Request(
                            "o1", List.of(TEA), "broken", NOON, RoundingMode.HALF_EVEN, eur(667)));
    private static final Event APPROVED = new Event.ReturnApproved();
    private static final Event RECEIVED = new Event.ReturnReceived(List.of(new LineUnits(0, 2)));
    private static final Event INSPECTED =
            new Event.ReturnInspected(List.of(new Inspected(0, 1, 1)), null);

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }

    private static Line line(int quantity, int returnable) {
        return new Line(0, "tea", quantity, returnable, "main", eur(1000), 3, 0);
    }

    private static RequestReturn wish(Instant at, Line... lines) {
        return new RequestReturn("o1", List.of(lines), " broken ", at, END, RoundingMode.HALF_EVEN);
    }

    @Nested
    class Requesting {
        @Test
        void a_return_is_requested_with_a_quote() {
            given(Return.AGGREGATE)
                    .when(WISH)
                    .then(REQUESTED)
                    .andState(state -> assertThat(state.stage()).isEqualTo(Stage.REQUESTED))
                    .when(WISH)
                    .thenNothing();
        }

        @Test
        void no_more_comes_back_than_the_order_says() { // R1
            given(Return.AGGREGATE)
                    .when(wish(NOON, line(2, 1)))
                    .thenRejected(Refusal.LINES_INVALID);
            given(Return.AGGREGATE).when(wish(NOON, TEA, TEA)).thenRejected(Refusal.LINES_INVALID);
            given(Return.AGGREGATE).when(wish(NOON)).thenRejected(Refusal.LINES_INVALID);
        }

        @Test
        void a_return_is_requested_in_time() { // R3
            given(Return.AGGREGATE).when(wish(END, TEA)).thenRejected(Refusal.WINDOW_CLOSED);
            given(Return.AGGREGATE)
                    .when(wish(END.minusMillis(1), TEA))
                    .andState(state -> assertThat(state.request()).isNotNull());
        }

        @Test
        void another_request_under_the_id_is_refused() {
            given(Return.AGGREGATE, REQUESTED)
                    .when(wish(NOON, line(1, 3)))
                    .thenRejected(Refusal.RETURN_ALREADY_REQUESTED);
        }

        @Test
        void a_return_that_was_not_requested_in_time_cannot_be_any_more() {
            given(Return.AGGREGATE)
                    .when(new AbandonReturn())
                    .then(new Event.ReturnAbandoned())
                    .when(new AbandonReturn())
                    .thenNothing()
                    .when(wish(NOON, TEA))
                    .thenRejected(Refusal.RETURN_ABANDONED);
            given(Return.AGGREGATE, new Event.ReturnAbandoned())
                    .when(new ApproveReturn())
                    .thenRejected(Refusal.UNKNOWN_RETURN);
        }

        @Test
        void a_return_that_was_requested_is_not_abandoned() {
            given(Return.AGGREGATE, REQUESTED).when(new AbandonReturn()).thenNothing();
        }

        @Test
        void a_return_that_does_not_exist_takes_no_other_command() {
            for (Command command : List.of(new ApproveReturn(), new ExpireReturn())) {
                given(Return.AGGREGATE).when(command).thenRejected(Refusal.UNKNOWN_RETURN);
            }
        }
    }

    @Nested
    class OnTheWay {
        @Test
        void a_return_goes_from_request_to_refund() {
            given(Return.AGGREGATE, REQUESTED)
                    .when(new ApproveReturn())
                    .then(APPROVED)
                    .when(new RecordReceived(null))
                    .then(RECEIVED)
                    .when(new Inspect(new ArrayList<>(List.of(new Inspected(0, 1, 1))), null))
                    .then(INSPECTED)
                    .andState(
                            state ->
                                    assertThat(state.accepted())
                                            .containsExactly(new LineUnits(0, 2)))
                    .when(new CloseReturn(eur(667)))
                    .then(new Event.ReturnClosed(eur(667)))
                    .when(new CloseReturn(eur(667)))
                    .thenNothing();
        }

        @Test
        void every_step_waits_for_the_one_before() {
            given(Return.AGGREGATE, REQUESTED)
                    .when(new RecordReceived(null))
                    .thenRejected(Refusal.RETURN_NOT_APPROVED);
            given(Return.AGGREGATE, REQUESTED, APPROVED)
                    .when(new Inspect(null, null))
                    .thenRejected(Refusal.RETURN_NOT_RECEIVED);
            given(Return.AGGREGATE, REQUESTED, APPROVED, RECEIVED)
                    .when(new CloseReturn(eur(1)))
                    .thenRejected(Refusal.RETURN_NOT_INSPECTED);
        }

        @Test
        void no_more_is_received_than_was_announced_and_no_more_inspected_than_received() {
            given(Return.AGGREGATE, REQUESTED, APPROVED)
                    .when(new RecordReceived(new ArrayList<>(List.of(new LineUnits(0, 3)))))
                    .thenRejected(Refusal.LINES_INVALID);
            given(Return.AGGREGATE, REQUESTED, APPROVED, RECEIVED)
                    .when(new Inspect(new ArrayList<>(List.of(new Inspected(0, 2, 1))), null))
                    .thenRejected(Refusal.INSPECTION_INVALID);
            given(Return.AGGREGATE, REQUESTED, APPROVED, RECEIVED)
                    .when(
                            new Inspect(
                                    new ArrayList<>(
                                            List.of(new Inspected(0, Integer.MAX_VALUE, 1))),
                                    null))
                    .thenRejected(Refusal.INSPECTION_INVALID);
        }

        @Test
        void what_is_good_lies_at_a_place_that_stock_can_lie_at() {
            var good = new ArrayList<@Nullable Inspected>(List.of(new Inspected(0, 1, 1)));
            given(Return.AGGREGATE, REQUESTED, APPROVED, RECEIVED)
                    .when(new Inspect(good, "a@b"))
                    .thenRejected(Refusal.LOCATION_INVALID);
            given(Return.AGGREGATE, REQUESTED, APPROVED, RECEIVED)
                    .when(new Inspect(good, "graz"))
                    .then(new Event.ReturnInspected(List.of(new Inspected(0, 1, 1)), "graz"));
        }

        @Test
        void what_is_inspected_is_not_inspected_otherwise() {
            given(Return.AGGREGATE, REQUESTED, APPROVED, RECEIVED, INSPECTED)
                    .when(new Inspect(new ArrayList<>(List.of(new Inspected(0, 1, 1))), null))
                    .thenNothing()
                    .when(new Inspect(null, null))
                    .thenRejected(Refusal.RETURN_INSPECTED);
        }

        @Test
        void what_is_closed_is_not_closed_with_another_amount() {
            given(Return.AGGREGATE, REQUESTED, APPROVED, RECEIVED, INSPECTED)
                    .when(new CloseReturn(eur(667)))
                    .then(new Event.ReturnClosed(eur(667)))
                    .when(new CloseReturn(eur(666)))
                    .thenRejected(Refusal.RETURN_CLOSED);
        }

        @Test
        void a_rejected_or_expired_return_takes_nothing_any_more() {
            Event rejected = new Event.ReturnRejected("worn");
            given(Return.AGGREGATE, REQUESTED)
                    .when(new RejectReturn(" worn "))
                    .then(rejected)
                    .when(new RejectReturn("again"))
                    .thenNothing()
                    .when(new ApproveReturn())
                    .thenRejected(Refusal.RETURN_REJECTED);
            given(Return.AGGREGATE, REQUESTED, APPROVED)
                    .when(new ExpireReturn())
                    .then(new Event.ReturnExpired())
                    .when(new RecordReceived(null))
                    .thenRejected(Refusal.RETURN_EXPIRED);
            given(Return.AGGREGATE, REQUESTED, APPROVED, RECEIVED)
                    .when(new ExpireReturn())
                    .thenRejected(Refusal.RETURN_RECEIVED);
        }
    }

    @Property(tries = 1000)
    void partial_returns_of_a_line_add_up_to_what_it_costs(
            @ForAll @LongRange(min = 0, max = 1_000_000) long total,
            @ForAll @IntRange(min = 1, max = 50) int ordered,
            @ForAll("cuts") List<Integer> cuts,
            @ForAll RoundingMode rounding) {
        if (rounding == RoundingMode.UNNECESSARY) {
            return;
        }
        Money sum = eur(0);
        int credited = 0;
        for (int cut : cuts) {
            int units = Math.min(cut, ordered - credited);
            Line part = new Line(0, "x", units, units, "main", eur(total), ordered, credited);
            sum = sum.plus(part.worth(units, rounding));
            credited += units;
        }
        Line rest =
                new Line(
                        0,
                        "x",
                        ordered - credited,
                        ordered - credited,
                        "main",
                        eur(total),
                        ordered,
                        credited);
        assertThat(sum.plus(rest.worth(ordered - credited, rounding))).isEqualTo(eur(total));
    }

    @Provide
    Arbitrary<List<Integer>> cuts() {
        return Arbitraries.integers().between(1, 20).list().ofMaxSize(6);
    }

    @Property(tries = 1000)
    void limits_hold_after_any_sequence_of_commands(@ForAll("sequences") List<Command> commands) {
        Return state = Return.AGGREGATE.initial();
        List<Event> events = new ArrayList<>();
        for (Command command : commands) {
            for (Event event : decided(state, command)) {
                if (command instanceof RequestReturn wish) { // R3
                    assertThat(wish.at()).isBefore(wish.windowEnds());
                }
                state = Return.AGGREGATE.evolve(state, event);
                events.add(event);
                assertThat(JSON.readValue(JSON.writeValueAsString(event), event.getClass()))
                        .isEqualTo(event);
            }
            assertThat(decided(state, command)).as("%s again", command).isEmpty();
            holds(state);
        }
        assertThat(events).doesNotHaveDuplicates();
        assertThat(events.stream().filter(ReturnTest::isFinal)).hasSizeLessThanOrEqualTo(1);
        assertThat(JSON.readValue(JSON.writeValueAsString(state), Return.class)).isEqualTo(state);
    }

    private static boolean isFinal(Event event) {
        return switch (event) {
            case Event.ReturnClosed _,
                    Event.ReturnRejected _,
                    Event.ReturnExpired _,
                    Event.ReturnAbandoned _ ->
                    true;
            case Event.ReturnRequested _,
                    Event.ReturnApproved _,
                    Event.ReturnReceived _,
                    Event.ReturnInspected _ ->
                    false;
        };
    }

    /// Taken back <= received <= asked for <= returnable, line by line.
    private static void holds(Return state) {
        if (state.request() == null) {
            assertThat(state).isEqualTo(Return.AGGREGATE.initial());
            return;
        }
        for (Line line : state.request().lines()) {
            assertThat(line.quantity()).isBetween(1, line.returnable()); // R1
            int received = LineUnits.of(line.line(), state.received());
            assertThat(received).isBetween(0, line.quantity());
            assertThat(LineUnits.of(line.line(), state.accepted())).isBetween(0, received);
        }
    }

    private static List<Event> decided(Return state, Command command) {
        return switch (Return.AGGREGATE.decide(state, command)) {
            case Decision.Rejected<Event> _ -> List.of();
            case Decision.Accepted<Event>(var events) -> events;
        };
    }

    @Provide
    Arbitrary<List<Command>> sequences() {
        Arbitrary<Command> inspections =
                Combinators.combine(
                                Arbitraries.integers().between(-1, 1),
                                Arbitraries.integers().between(-1, 3),
                                Arbitraries.integers().between(-1, 2))
                        .as(Inspected::new)
                        .list()
                        .ofMaxSize(2)
                        .map(lines -> new Inspect(new ArrayList<>(lines), null));
        Arbitrary<Command> receipts =
                Combinators.combine(
                                Arbitraries.integers().between(-1, 1),
                                Arbitraries.integers().between(0, 3))
                        .as(LineUnits::new)
                        .list()
                        .ofMaxSize(2)
                        .map(lines -> new RecordReceived(new ArrayList<>(lines)));
        Arbitrary<Command> closings =
                Arbitraries.of(0L, 333L, 667L).map(refund -> new CloseReturn(eur(refund)));
        Arbitrary<Command> others =
                Arbitraries.of(
                        WISH,
                        wish(END, TEA),
                        wish(NOON, line(3, 2)),
                        new ApproveReturn(),
                        new ApproveReturn(),
                        new RejectReturn(null),
                        new ExpireReturn());
        return Arbitraries.oneOf(others, receipts, inspections, closings)
                .list()
                .ofMaxSize(25)
                .map(
                        list -> {
                            List<Command> all = new ArrayList<>(List.of(WISH));
                            if (list.size() % 3 > 0) {
                                all.add(new ApproveReturn());
                            }
                            if (list.size() % 3 > 1) {
                                all.add(new RecordReceived(null));
                            }
                            all.addAll(list);
                            return all;
                        });
    }
}
