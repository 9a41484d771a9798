// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.returns;

import static dev.fakta.gateway.CallerRole.CUSTOMER;
import static dev.fakta.gateway.CallerRole.OPERATOR;
import static dev.fakta.gateway.CallerRole.STAFF;

import dev.fakta.gateway.NewestFirst;
import dev.fakta.gateway.NextSteps;
import dev.fakta.gateway.Page;
import dev.fakta.gateway.Query;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.returns.Return.Command.ApproveReturn;
import dev.fakta.orders.returns.Return.Command.Inspect;
import dev.fakta.orders.returns.Return.Command.RecordReceived;
import dev.fakta.orders.returns.Return.Command.RejectReturn;
import dev.fakta.runtime.Versioned;
import dev.fakta.views.Row;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Returns over HTTP: one resource per transition, and the list.
public final class ReturnRoutes {

    private static final NewestFirst LIST =
            new NewestFirst(
                    "return_row",
                    "requestedAt",
                    "requested_at",
                    Map.of("order", "order_id", "status", "status"));

    private static final List<@Nullable LineUnits> ONE_UNIT = List.of(new LineUnits(0, 1));

    private ReturnRoutes() {}

    public static void list(Routes http) {
        http.partOf(Return.AGGREGATE, ReturnRoutes::order, Order.AGGREGATE)
                .customersSee(Return.AGGREGATE, ReturnJson::forCustomer)
                .resource("/returns", Return.AGGREGATE, ReturnJson::of)
                .allowing(CUSTOMER, STAFF, OPERATOR)
                .eventsAllowing(STAFF, OPERATOR)
                .create("/orders/{orderId}/returns", ReturnProcessors.REQUEST)
                .example(new ReturnProcessors.Wish("ORDER_ID", ONE_UNIT, "Too small."))
                .within(Order.AGGREGATE)
                .allowing(CUSTOMER, STAFF)
                .get("/returns", ReturnsView.DEFINITION, ReturnRoutes::page)
                .allowing(CUSTOMER, STAFF, OPERATOR)
                .post("/returns/{id}/approve", ApproveReturn.class, Return.AGGREGATE)
                .allowing(STAFF)
                .post("/returns/{id}/reject", ReturnProcessors.REJECT)
                .example(new RejectReturn("It was worn."))
                .allowing(STAFF)
                .post("/returns/{id}/receive", ReturnProcessors.RECEIVE)
                .example(new RecordReceived(ONE_UNIT))
                .allowing(STAFF)
                .post("/returns/{id}/inspect", Inspect.class, Return.AGGREGATE)
                .example(new Inspect(List.of(new Return.Inspected(0, 1, 0)), "main"))
                .allowing(STAFF)
                .post("/returns/{id}/close", ReturnProcessors.CLOSE)
                .allowing(STAFF)
                .post("/returns/{id}/expire", ReturnProcessors.EXPIRE)
                .allowing(STAFF);
        ReturnFields.check(http);
    }

    /// The order that a return is of.
    private static @Nullable String order(Return state) {
        Return.Request request = state.request();
        return request == null ? null : request.orderId();
    }

    /// A return as clients see it.
    private record ReturnJson(
            String id,
            @Nullable String orderId,
            String status,
            String reason,
            List<Return.Line> lines,
            List<LineUnits> received,
            List<Return.Inspected> inspected,
            @Nullable Money quote,
            @Nullable Money refund,
            @Nullable Instant requestedAt,
            Map<String, NextSteps.Step> actions,
            long revision) {

        static ReturnJson of(Versioned<Return> versioned) {
            return of(versioned, steps(versioned));
        }

        /// A return as its customer sees it, who can do nothing more about it.
        static ReturnJson forCustomer(Versioned<Return> versioned) {
            return of(versioned, Map.of());
        }

        private static ReturnJson of(
                Versioned<Return> versioned, Map<String, NextSteps.Step> actions) {
            Return state = versioned.state();
            Return.Request request = state.request();
            if (request == null) {
                return abandoned(versioned);
            }
            return new ReturnJson(
                    versioned.id(),
                    request.orderId(),
                    state.stage().toString(),
                    request.reason(),
                    request.lines(),
                    state.received(),
                    state.inspected(),
                    request.quote(),
                    state.refund(),
                    request.at(),
                    actions,
                    versioned.revision());
        }

        /// It was never requested: nothing else is known of it.
        private static ReturnJson abandoned(Versioned<Return> versioned) {
            return new ReturnJson(
                    versioned.id(),
                    null,
                    versioned.state().stage().toString(),
                    "",
                    List.of(),
                    List.of(),
                    List.of(),
                    null,
                    null,
                    null,
                    steps(versioned),
                    versioned.revision());
        }
    }

    private static Map<String, NextSteps.Step> steps(Versioned<Return> versioned) {
        Return.Stage stage = versioned.state().stage();
        return NextSteps.of("/returns/" + versioned.id())
                .post("approve", stage.unless(Return.Stage.REQUESTED))
                .post("reject", stage.unless(Return.Stage.REQUESTED))
                .post("receive", stage.unless(Return.Stage.APPROVED))
                .post("inspect", stage.unless(Return.Stage.RECEIVED))
                .post("close", stage.unless(Return.Stage.INSPECTED))
                .post(
                        "expire",
                        stage == Return.Stage.REQUESTED
                                ? null
                                : stage.unless(Return.Stage.APPROVED))
                .all();
    }

    /// A return in the list.
    private record Listed(
            String id,
            String orderId,
            String status,
            String reason,
            Money quote,
            @Nullable Money refund,
            Instant requestedAt,
            long revision) {

        static Listed of(Row row) {
            return new Listed(
                    row.text("id"),
                    row.text("order_id"),
                    row.text("status"),
                    row.text("reason"),
                    Money.of(row.number("quote_minor"), row.text("currency")),
                    Money.of(row.number("refund_minor"), row.text("currency")),
                    Instant.ofEpochMilli(row.number("requested_at")),
                    row.number("revision"));
        }
    }

    private static Page<Listed> page(Query query) {
        query.oneOf("status", Return.Stage.values()).within("order", Order.AGGREGATE);
        return LIST.page(query, Listed::of);
    }
}
