// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.object;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.gateway.CallerRole;
import dev.fakta.gateway.ListedRoute;
import dev.fakta.http.AccessTable.Access;
import dev.fakta.http.AccessTable.Row;
import dev.fakta.orders.OrderManagement;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Payment.Command.Fact.RecordAuthorized;
import dev.fakta.orders.payments.Payment.Command.RequestAuthorization;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Every route, asked by every role and by nobody, lets in whom the page on access says. The page
/// has every route; those of before, which stand in no document, are for staff.
final class AccessTest {

    private static final Pattern PARAMETER = Pattern.compile("\\{[a-zA-Z]+}");
    private static final Pattern OF_EVERY_GATEWAY =
            Pattern.compile("/(health|metrics|events|sagas)(/.*)?");
    private static final Set<String> OLD =
            Set.of(
                    "POST /orders/{id}/holds",
                    "POST /orders/{id}/lines/cancellation",
                    "POST /orders/{id}/edit/application",
                    "POST /payments/{id}/refunds",
                    "POST /returns/{id}/approval",
                    "POST /returns/{id}/receipt",
                    "POST /returns/{id}/inspection",
                    "POST /shipments/{id}/picking",
                    "POST /shipments/{id}/packing",
                    "POST /shipments/{id}/delivery",
                    "POST /shipments/{id}/loss",
                    "POST /shipments/{id}/cancellation",
                    "GET /stock/{sku}@{location}",
                    "GET /stock/{sku}@{location}/events",
                    "POST /stock/{sku}@{location}/receipts",
                    "POST /stock/{sku}@{location}/adjustments",
                    "PUT /stock/{sku}@{location}/backorders");

    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.openForCallers(directory);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static Stream<Row> old() {
        return OLD.stream()
                .map(route -> route.split(" "))
                .map(
                        words ->
                                new Row(
                                        words[0],
                                        words[1],
                                        Map.of(
                                                CallerRole.STAFF, Access.YES,
                                                CallerRole.ADMIN, Access.YES)));
    }

    private static Stream<Row> all() {
        return Stream.concat(AccessTable.rows().stream(), old());
    }

    @Test
    void the_page_has_every_route_and_no_other() {
        List<String> listed =
                all().filter(row -> !OF_EVERY_GATEWAY.matcher(row.path()).matches())
                        .map(Row::route)
                        .toList();
        List<String> served =
                ListedRoute.of(OrderManagement::routes).stream()
                        .map(route -> route.method() + " " + route.path())
                        .toList();

        assertThat(listed).containsExactlyInAnyOrderElementsOf(served);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void a_route_lets_in_whom_the_page_says(Row row) {
        List<String> wrong = new ArrayList<>();
        if (status(row) != 401) {
            wrong.add("nobody gets " + status(row));
        }
        for (CallerRole role : CallerRole.values()) {
            String name = role.name().toLowerCase(Locale.ROOT);
            int status = status(row, Keys.with(name + ":" + name));
            boolean isIn = status != 401 && status != 403;
            if (isIn != (row.of(role) != Access.NO) || status == 500) {
                wrong.add(name + " gets " + status);
            }
        }
        assertThat(wrong).as("%s", row).isEmpty();
    }

    @Test
    void a_customer_is_told_from_who_may_see_everything() {
        assertThat(all().filter(row -> row.of(CallerRole.CUSTOMER) == Access.OWN))
                .hasSizeGreaterThan(15)
                .allSatisfy(
                        row ->
                                assertThat(row.path())
                                        .matches("/(orders|returns|shipments|store-credits)\\b.*"));
    }

    /// Staff sees a payment, and has no say in what is asked of its provider.
    @Test
    void what_a_caller_has_no_role_for_is_no_action_that_is_allowed() {
        Money total = Money.of(2_000, "USD");
        shop.tellPayment(
                "actions",
                new RequestAuthorization("actions", total, total, "card", "tok_ok"),
                new RecordAuthorized(
                        1, total, "reference", Instant.parse("2099-01-01T00:00:00Z"), null));
        JsonNode ofStaff = action("void", "staff:eva");
        assertThat(ofStaff.path("allowed").asBoolean()).isFalse();
        assertThat(ofStaff.path("reason").asString()).isEqualTo("FORBIDDEN");
        Answer refused =
                shop.send(
                        "POST",
                        ofStaff.path("href").asString(),
                        BodyPublishers.ofString("{}"),
                        Keys.with("staff:eva"));
        assertThat(refused.is(403).text("/code")).isEqualTo("FORBIDDEN");
        for (String who : List.of("operator:ada", "staff+operator:ada", "admin:ada")) {
            JsonNode allowed = action("void", who);
            assertThat(allowed.path("allowed").asBoolean()).as(who).isTrue();
            assertThat(allowed.path("reason").isNull()).as(who).isTrue();
        }
        // what the payment itself does not allow stays so, for that reason
        assertThat(action("retry", "operator:ada").path("reason").asString())
                .isEqualTo("NOTHING_FAILED");
    }

    private static JsonNode action(String name, String who) {
        return shop.get("/payments/actions", Keys.with(who))
                .is(200)
                .json()
                .path("actions")
                .path(name);
    }

    private static int status(Row row, String... headers) {
        String path = PARAMETER.matcher(row.path()).replaceAll("nothing");
        String method = path.equals("/events") ? "HEAD" : row.method();
        return shop.send(method, path, body(row), headers).status();
    }

    /// What says who is meant names the customer that asks.
    private static BodyPublisher body(Row row) {
        return switch (row.method()) {
            case "GET" -> BodyPublishers.noBody();
            default ->
                    BodyPublishers.ofString(
                            row.path().matches("/orders(/price)?")
                                    ? object().put("customerId", "customer").toString()
                                    : "{}");
        };
    }
}
