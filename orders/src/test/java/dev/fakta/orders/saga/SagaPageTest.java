// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import static dev.fakta.orders.saga.Baskets.NOON;
import static dev.fakta.orders.saga.Baskets.eur;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Alarm;
import dev.fakta.domain.AlarmChanges;
import dev.fakta.domain.AlarmChanges.Change;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.At;
import dev.fakta.domain.Rejection;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaState.Run;
import dev.fakta.domain.SagaState.RunStatus;
import dev.fakta.domain.SagaState.Status;
import dev.fakta.orders.NamedTests;
import dev.fakta.orders.order.Axes;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.PaymentFacts.Event.OrderCardGiven;
import dev.fakta.orders.order.PaymentFacts.Event.OrderCardTriedAgain;
import dev.fakta.orders.order.PaymentFacts.Event.OrderPaymentDeclined;
import dev.fakta.orders.order.PaymentFacts.Event.OrderPaymentRequested;
import dev.fakta.orders.order.Progress.RejectReason;
import dev.fakta.orders.order.ReturnFacts.Event.OrderReturnRequested;
import dev.fakta.orders.order.Standing;
import dev.fakta.orders.order.StockFacts.Event.OrderReviewed;
import dev.fakta.orders.returns.Return;
import dev.fakta.orders.shipping.Parcel;
import dev.fakta.orders.shipping.Shipment;
import dev.fakta.testkit.SagaScenario;
import java.io.IOException;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Draws the sagas of `docs/orders/saga.md` from what they do, and holds the page to it.
class SagaPageTest {

    private static final UUID ID = new UUID(0, 1);
    private static final Path PAGE = Path.of("..", "docs", "orders", "saga.md");
    private static final int ROWS = 30;

    @Test
    void every_test_that_the_page_names_is_there() throws IOException, ClassNotFoundException {
        assertThat(NamedTests.in(PAGE)).isGreaterThanOrEqualTo(ROWS);
    }

    @Test
    void the_payment_clock_is_as_written() throws IOException {
        new ClockTable(PaymentClock.CLOCK)
                .when(new OrderPaymentRequested(Standing.CREATED))
                .when(new OrderCardGiven(2, "card", "tok_2", Standing.CREATED))
                .when(new OrderCardTriedAgain(2, false, Standing.CREATED))
                .when(new OrderPaymentDeclined("authorization-1", Standing.CREATED))
                .when(new OrderReviewed(NOON, DECLINED))
                .when(new Order.Event.OrderConfirmed(Standing.CREATED))
                .when(new Order.Event.OrderRejected(RejectReason.TIMEOUT, Standing.CREATED))
                .when(new Order.Event.OrderCancelled("", Standing.CREATED))
                .isOnPage();
    }

    private static final Standing DECLINED =
            new Standing(
                    Axes.Lifecycle.CREATED,
                    Axes.Payment.DECLINED,
                    Axes.Fulfilment.UNALLOCATED,
                    Axes.Returns.NONE);

    private static final Parcel.Content TEA = new Parcel.Content(0, 2);

    @Test
    void the_shipping_clock_is_as_written() throws IOException {
        Parcel parcel =
                new Parcel("a", 1, List.of(TEA), Parcel.Status.DISPATCHED, "post", "T", null);
        new ClockTable(ShippingClock.CLOCK)
                .when(
                        new Shipment.Event.ShipmentPlanned(
                                "o-1", "main", List.of(new Shipment.Line(0, "tea", 2))))
                .when(new Shipment.Event.ShipmentDispatched("o-1", List.of(parcel), eur(1)))
                .when(new Shipment.Event.ShipmentDelivered("o-1", "a", List.of(TEA), NOON, true))
                .when(new Shipment.Event.ShipmentCancelled("o-1", "not found"))
                .isOnPage();
    }

    /// What a clock's alarms send, and which event does what to them, as two tables.
    private static final class ClockTable {
        private static final At AT = new At("o-1", 1, 0, 1, NOON, "", ID, ID, ID);

        private final AlarmClock clock;
        private final StringBuilder text =
                new StringBuilder("| alarm | sends | again |\n|---|---|---|\n");
        private final Set<Class<?>> seen = new HashSet<>();

        ClockTable(AlarmClock clock) {
            this.clock = clock;
            for (String name : clock.alarms()) {
                Alarm alarm = Objects.requireNonNull(clock.find(name));
                Duration period = alarm.period();
                text.append(
                        "| `%s` | `%s` | %s |\n"
                                .formatted(
                                        name,
                                        alarm.sent("s-1:o-1").command().getClass().getSimpleName(),
                                        period == null ? "" : "each " + words(period)));
            }
            text.append("\n| event | alarms |\n|---|---|\n");
        }

        ClockTable when(Object event) {
            seen.add(event.getClass());
            AlarmChanges changes = Objects.requireNonNull(clock.changes(event, AT));
            text.append(
                    "| `%s` | %s |\n"
                            .formatted(
                                    event.getClass().getSimpleName(),
                                    changes.changes().stream()
                                            .map(ClockTable::words)
                                            .collect(Collectors.joining(", "))));
            return this;
        }

        private static String words(Change change) {
            return switch (change) {
                case Change.Ring(var alarm, var after) when after.isZero() ->
                        "`%s` at once".formatted(alarm);
                case Change.Ring(var alarm, var after) ->
                        "`%s` in %s".formatted(alarm, words(after));
                case Change.RingAt(var alarm, _) -> "`%s` at its time".formatted(alarm);
                case Change.RingUnlessSet(var alarm, var after) ->
                        "`%s` in %s unless it is set".formatted(alarm, words(after));
                case Change.Clear(var alarm) -> "not `%s`".formatted(alarm);
                case Change.ClearAll() -> "none";
            };
        }

        private static String words(Duration time) {
            if (time.toDays() > 0) {
                return time.toDays() + " days";
            }
            return time.toMinutes() + " minutes";
        }

        void isOnPage() throws IOException {
            assertThat(seen).isEqualTo(clock.setters());
            String page = Files.readString(PAGE);
            String opening = "<!-- clock: " + clock.name() + " -->\n";
            assertThat(page).contains(opening);
            int from = page.indexOf(opening) + opening.length();
            int to = page.indexOf("\n###", from);
            assertThat(page.substring(from, to).strip())
                    .as("the tables of %s in %s", clock, PAGE)
                    .isEqualTo(text.toString().strip());
        }
    }

    @Test
    void the_return_is_as_drawn() throws IOException {
        Drawing<ReturnSaga> drawing = new Drawing<>();
        Return.Request request =
                new Return.Request(
                        "o-1",
                        List.of(new Return.Line(0, "tea", 2, 2, "main", eur(2000), 2, 0)),
                        "",
                        NOON,
                        RoundingMode.HALF_EVEN,
                        eur(2000));
        drawing.life(
                ReturnSaga.SAGA,
                "r-1",
                pen ->
                        pen.when(new Return.Event.ReturnRequested(request))
                                .when(new Return.Event.ReturnReceived(List.of(new LineUnits(0, 2))))
                                .when(
                                        new Return.Event.ReturnInspected(
                                                List.of(new Return.Inspected(0, 1, 1)), null))
                                .accepted("restock-returned")
                                .accepted("close-return"));
        drawing.life(
                ReturnSaga.SAGA,
                "r-1",
                pen ->
                        pen.when(new Return.Event.ReturnRequested(request))
                                .passes(ReturnSaga.WINDOW, "nothing came in 30 days"));
        for (Return.Event end :
                List.of(
                        new Return.Event.ReturnRejected("worn"),
                        new Return.Event.ReturnExpired())) {
            drawing.life(
                    ReturnSaga.SAGA,
                    "r-1",
                    pen ->
                            pen.when(new Return.Event.ReturnRequested(request))
                                    .when(end)
                                    .accepted("free-units"));
        }
        drawing.life(
                ReturnSaga.SAGA,
                "r-1",
                pen ->
                        pen.when(new OrderReturnRequested("r-1", List.of(), Standing.CREATED))
                                .passes(ReturnSaga.REQUEST_WINDOW, "not requested in an hour")
                                .accepted("abandon-return")
                                .when(new Return.Event.ReturnAbandoned()));
        drawing.isOn("order-return");
    }

    /// Lives of instances, as one diagram: what led to which steps.
    private static final class Drawing<S> {
        private final Set<String> arrows = new LinkedHashSet<>();

        <E> void life(Saga<E, S> saga, String id, Consumer<Pen<S>> story) {
            story.accept(new Pen<>(SagaScenario.scenario(saga, id), arrows));
        }

        void isOn(String name) throws IOException {
            String diagram = "flowchart LR\n" + String.join("", arrows);
            String page = Files.readString(PAGE);
            String opening = "<!-- saga: " + name + " -->\n```mermaid\n";
            assertThat(page).contains(opening);
            int from = page.indexOf(opening) + opening.length();
            assertThat(page.substring(from, page.indexOf("```", from)))
                    .as("the diagram of %s in %s", name, PAGE)
                    .isEqualTo(diagram);
        }
    }

    /// Follows one life, and notes an arrow for every step that comes of an input.
    private record Pen<S>(SagaScenario<?, S> life, Set<String> arrows) {

        Pen<S> when(Object event) {
            return drawn(event.getClass().getSimpleName(), "", () -> life.when(event));
        }

        Pen<S> accepted(String step) {
            return drawn(openName(step), "", () -> life.whenAccepted(step));
        }

        Pen<S> refused(String step, Rejection why) {
            return drawn(openName(step), "|" + why + "|", () -> life.whenRefused(step, why));
        }

        Pen<S> passes(Duration time, String what) {
            return drawn(what, "", () -> life.whenTimePasses(time));
        }

        private String openName(String step) {
            return life.state().runs().stream()
                    .filter(run -> run.status() == RunStatus.OPEN && run.step().equals(step))
                    .findFirst()
                    .map(Pen::name)
                    .orElseThrow(() -> new AssertionError(step + " is not open"));
        }

        private static String name(Run run) {
            return run.undoes() == 0 ? run.step() : "undo " + run.step();
        }

        private static String node(String name) {
            return "%s[%s]".formatted(name.replace(' ', '_'), name);
        }

        private Pen<S> drawn(String from, String label, Runnable input) {
            Set<Long> before = new HashSet<>();
            life.state().runs().forEach(run -> before.add(run.number()));
            boolean wasEnded = life.state().status() == Status.COMPLETED;
            input.run();
            for (Run run : life.state().runs()) {
                if (!before.contains(run.number())) {
                    arrow(from, label, node(name(run)));
                }
            }
            if (!wasEnded && life.state().status() == Status.COMPLETED) {
                arrow(from, label, "done((end))");
            }
            return this;
        }

        private void arrow(String from, String label, String to) {
            arrows.add("    %s -->%s %s\n".formatted(node(from), label, to));
        }
    }
}
