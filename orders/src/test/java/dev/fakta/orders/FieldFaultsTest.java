// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.gateway.Gateway;
import dev.fakta.gateway.GatewaySettings;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whatever is wrong with the fields of a command is 400, all of it at once; a refusal for a state
/// is 409, and what does not exist 404. The list of commands is that of the OpenAPI document, so
/// that one more is one more to be tested.
class FieldFaultsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /// Commands that say nothing beside their path, or nothing that could be wrong.
    private static final Set<String> NOTHING_TO_BE_WRONG =
            Set.of(
                    "POST /products/{sku}/retire",
                    "POST /campaigns/{id}/activate",
                    "POST /campaigns/{id}/pause",
                    "POST /shipments/{id}/pick",
                    "POST /returns/{id}/approve",
                    "POST /returns/{id}/expire",
                    "POST /returns/{id}/close",
                    "POST /payments/{id}/void",
                    "POST /orders/{id}/edit/apply");

    @TempDir static Path directory;
    private static EventLog log;
    private static Node node;
    private static Gateway gateway;
    private static String order;

    @BeforeAll
    static void open() throws Exception {
        log =
                LogDirectory.open(
                        directory.resolve("log"),
                        OrderManagement.MICROSYSTEMS.streams(),
                        SegmentLogSettings.defaults());
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        OrderManagement.MICROSYSTEMS,
                        log,
                        InstantSource.system());
        gateway =
                Gateway.start(
                        node, GatewaySettings.onLoopback(0).trusting(), OrderManagement::routes);
        String product = "{'name':'Tea','prices':[{'minor':1000,'currency':'EUR'}]}";
        assertThat(send("PUT", "/products/tea", product).statusCode()).isEqualTo(200);
        assertThat(send("PUT", "/stock/tea", "{'onHand':9}").statusCode()).isEqualTo(200);
        HttpResponse<String> placed =
                send(
                        "POST",
                        "/orders",
                        "{'customerId':'eva','email':'eva@example.org','currency':'EUR',"
                                + "'lines':[{'sku':'tea','quantity':2}],"
                                + "'shipping':{'method':'standard','address':{'name':'Eva',"
                                + "'line1':'Way 1','city':'Bonn','postalCode':'53111',"
                                + "'country':'DE'}},'payment':{'method':'invoice'}}");
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(201);
        order = placed.headers().firstValue("Location").orElseThrow();
    }

    @AfterAll
    static void close() {
        gateway.close();
        node.close();
        log.close();
    }

    private static HttpResponse<String> send(String method, String path, String body)
            throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway.port() + path);
        return CLIENT.send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .method(method, BodyPublishers.ofString(body.replace('\'', '"')))
                        .build(),
                BodyHandlers.ofString());
    }

    /// A faulty body, and all of the fields that are at fault.
    private record Faulty(String body, List<String> fields) {
        Faulty(String body, String... fields) {
            this(body, List.of(fields));
        }
    }

    private static Map<String, Faulty> commands() {
        String longText = "x".repeat(2_001);
        Map<String, Faulty> all = new LinkedHashMap<>();
        all.put(
                "PUT /products/{sku}",
                new Faulty(
                        "{'name':' ','prices':[{'minor':-1,'currency':'EUR'},null],"
                                + "'taxCategory':'','weightGrams':-1,'categories':['a','']}",
                        "name",
                        "prices[0]",
                        "prices[1]",
                        "taxCategory",
                        "weightGrams",
                        "categories[1]"));
        all.put("POST /products/{sku}/change-price", new Faulty("{}", "price"));
        all.put(
                "PUT /stock/{sku}",
                new Faulty("{'location':'a@b','onHand':-1}", "location", "onHand"));
        all.put(
                "POST /stock/{sku}/receive",
                new Faulty(
                        "{'location':'a@b','quantity':0,'reference':' '}",
                        "location",
                        "quantity",
                        "reference"));
        all.put(
                "POST /stock/{sku}/adjust",
                new Faulty(
                        "{'location':'a@b','change':0,'reason':'" + longText + "','reference':''}",
                        "location",
                        "change",
                        "reason",
                        "reference"));
        all.put(
                "POST /stock/{sku}/write-off",
                new Faulty(
                        "{'location':'a@b','reason':'" + longText + "','reference':''}",
                        "location",
                        "quantity",
                        "reason",
                        "reference"));
        all.put(
                "PUT /stock/{sku}/safety-stock",
                new Faulty("{'location':'a@b','units':-1}", "location", "units"));
        all.put(
                "PUT /stock/{sku}/backorders",
                new Faulty("{'location':'a@b'}", "location", "allowed"));
        all.putAll(ofCampaigns());
        all.putAll(ofOrders(longText));
        all.putAll(ofShipmentsAndReturns(longText));
        all.put("POST /payments/{id}/retry", new Faulty("{'kind':'CAPTURE'}", "kind", "number"));
        all.put("POST /payments/{id}/settle", new Faulty("{'number':1}", "reason"));
        all.put("POST /payment-notices/{id}/dismiss", new Faulty("{}", "reason"));
        all.put(
                "PUT /store-credits/{id}/issues/{reference}",
                new Faulty(
                        "{'amount':{'minor':-1,'currency':'EUR'},'reason':'" + longText + "'}",
                        "amount",
                        "reason"));
        return all;
    }

    private static Map<String, Faulty> ofCampaigns() {
        Map<String, Faulty> all = new LinkedHashMap<>();
        all.put(
                "PUT /campaigns/{id}",
                new Faulty(
                        "{'kind':'percentage','percent':101,'codes':['a b',null],'maxUses':0,"
                                + "'from':'2026-02-01T00:00:00Z','until':'2026-01-01T00:00:00Z',"
                                + "'minSubtotal':{'minor':-1,'currency':'EUR'},'skus':['']}",
                        "percent",
                        "codes[0]",
                        "codes[1]",
                        "maxUses",
                        "until",
                        "minSubtotal",
                        "skus[0]"));
        all.put(
                "POST /campaigns/{id}/codes",
                new Faulty("{'codes':['a b','!']}", "codes[0]", "codes[1]"));
        return all;
    }

    private static Map<String, Faulty> ofOrders(String longText) {
        String lines = "[{'line':7,'quantity':0},{'line':0,'quantity':1},{'line':0,'quantity':1}]";
        String[] faults = {"lines[0].line", "lines[0].quantity", "lines[2].line"};
        Map<String, Faulty> all = new LinkedHashMap<>();
        all.put(
                "POST /orders",
                new Faulty(
                        "{'currency':'EUR'}",
                        "customerId",
                        "email",
                        "lines",
                        "shipping",
                        "payment"));
        all.put("POST /orders/price", all.get("POST /orders"));
        all.put("POST /orders/{id}/cancel", new Faulty("{'reason':'" + longText + "'}", "reason"));
        all.put(
                "POST /orders/{id}/cancel-lines",
                new Faulty(
                        "{'lines':" + lines + ",'reason':'" + longText + "'}",
                        faults[0],
                        faults[1],
                        faults[2],
                        "reason"));
        all.put(
                "POST /orders/{id}/pay",
                new Faulty("{'method':'shells','token':''}", "method", "token"));
        all.put(
                "PUT /orders/{id}/edit",
                new Faulty(
                        "{'fewer':[{'line':7,'quantity':0}],'more':[{'sku':'tea','quantity':0}]}",
                        "fewer[0].line",
                        "fewer[0].quantity",
                        "more[0].quantity"));
        all.put(
                "PUT /orders/{id}/address",
                new Faulty(
                        "{'address':{'name':'','line1':'','city':'Bonn','postalCode':'53111',"
                                + "'country':'DE'}}",
                        "address.name",
                        "address.line1"));
        all.put("POST /orders/{id}/notes", new Faulty("{'text':' '}", "text"));
        all.put(
                "PUT /orders/{id}/holds/{kind}",
                new Faulty("{'reason':'" + longText + "'}", "kind", "reason"));
        all.put("DELETE /orders/{id}/holds/{kind}", new Faulty("", "kind"));
        all.put("POST /orders/{id}/reject", new Faulty("{}", "reason"));
        all.put("POST /orders/{id}/settle-attention", new Faulty("{}", "topic", "subject"));
        all.put(
                "POST /orders/{orderId}/credit",
                new Faulty(
                        "{'id':'','amount':{'minor':0,'currency':'EUR'},'reason':'"
                                + longText
                                + "'}",
                        "id",
                        "amount",
                        "reason"));
        all.put("POST /orders/{id}/invoice-payments", new Faulty("{}", "reference", "amount"));
        all.put(
                "POST /orders/{orderId}/returns",
                new Faulty(
                        "{'lines':" + lines + ",'reason':'" + longText + "'}",
                        faults[0],
                        faults[1],
                        faults[2],
                        "reason"));
        return all;
    }

    private static Map<String, Faulty> ofShipmentsAndReturns(String longText) {
        Map<String, Faulty> all = new LinkedHashMap<>();
        all.put(
                "POST /shipments/{id}/pack",
                new Faulty(
                        "{'parcels':[{'id':'','weightGrams':-1,"
                                + "'contents':[{'line':0,'quantity':0}]},null]}",
                        "parcels[0].id",
                        "parcels[0].weightGrams",
                        "parcels[0].contents[0].quantity",
                        "parcels[1]"));
        all.put(
                "POST /shipments/{id}/dispatch",
                new Faulty(
                        "{'labels':[{'parcel':'a','carrier':'','code':''}],"
                                + "'cost':{'minor':-1,'currency':'EUR'}}",
                        "labels[0].carrier",
                        "labels[0].code",
                        "cost"));
        all.put("POST /shipments/{id}/track", new Faulty("{}", "parcel", "status", "at"));
        all.put(
                "POST /shipments/{id}/deliver",
                new Faulty("{'at':'1969-01-01T00:00:00Z'}", "parcel", "at"));
        all.put(
                "POST /shipments/{id}/lose",
                new Faulty("{'reason':'" + longText + "'}", "parcel", "reason"));
        all.put(
                "POST /shipments/{id}/cancel",
                new Faulty("{'reason':'" + longText + "'}", "reason"));
        all.put("POST /returns/{id}/reject", new Faulty("{'reason':'" + longText + "'}", "reason"));
        all.put(
                "POST /returns/{id}/receive",
                new Faulty(
                        "{'lines':[{'line':-1,'quantity':0},null]}",
                        "lines[0].line",
                        "lines[0].quantity",
                        "lines[1]"));
        all.put(
                "POST /returns/{id}/inspect",
                new Faulty(
                        "{'lines':[{'line':0,'restocked':-1,'writtenOff':-1}],'location':'a@b'}",
                        "lines[0].restocked",
                        "lines[0].writtenOff",
                        "location"));
        return all;
    }

    @TestFactory
    Stream<DynamicTest> all_faults_of_a_command_are_answered_at_once() {
        return commands().entrySet().stream()
                .map(
                        entry ->
                                DynamicTest.dynamicTest(
                                        entry.getKey(),
                                        () -> isRefused(entry.getKey(), entry.getValue())));
    }

    private static void isRefused(String command, Faulty faulty) throws Exception {
        String[] words = command.split(" ");
        String path =
                words[1].replaceFirst("^/orders/\\{\\w+}", order).replaceAll("\\{\\w+}", "none");
        HttpResponse<String> answer = send(words[0], path, faulty.body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        JsonNode errors = JSON.readTree(answer.body()).path("errors");
        List<String> fields = new ArrayList<>();
        for (JsonNode error : errors) {
            fields.add(error.path("field").asString());
            assertThat(error.path("reason").asString()).isNotBlank();
            assertThat(error.path("code").asString())
                    .isIn("MISSING", "UNREADABLE", "INVALID", "UNKNOWN_FIELD");
        }
        assertThat(fields).as(answer.body()).containsExactlyInAnyOrderElementsOf(faulty.fields);
    }

    @Test
    void every_command_is_walked() throws Exception {
        JsonNode paths = JSON.readTree(send("GET", "/openapi.json", "").body()).path("paths");
        Set<String> walked = new HashSet<>();
        Stream.concat(commands().keySet().stream(), NOTHING_TO_BE_WRONG.stream())
                .forEach(command -> walked.add(nameless(command)));
        Set<String> missing = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : paths.properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                String command = operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey();
                boolean hasBody = operation.getValue().has("requestBody");
                if (hasBody && !walked.contains(nameless(command))) {
                    missing.add(command);
                }
            }
        }
        missing.removeIf(
                one ->
                        one.contains("/sagas/")
                                || one.contains("/keys")
                                || one.contains("/webhook"));
        assertThat(missing).isEmpty();
    }

    /// The document has one name for a parameter of several routes.
    private static String nameless(String command) {
        return command.replaceAll("\\{\\w+}", "{}");
    }

    @Test
    void a_credit_has_an_id_of_its_own() throws Exception {
        String credit = "{'id':'sorry-1','amount':{'minor':100,'currency':'EUR'},'reason':'late'}";
        HttpResponse<String> granted = send("POST", order + "/credit", credit);
        assertThat(granted.statusCode()).as(granted.body()).isEqualTo(200);
    }

    @Test
    void what_does_not_exist_is_404_whatever_is_asked_of_it() throws Exception {
        String lines = "{'lines':[{'line':0,'quantity':1}],'reason':'no'}";
        for (String path : List.of("/orders/none/returns", "/orders/none/cancel-lines")) {
            assertThat(send("POST", path, lines).statusCode()).as(path).isEqualTo(404);
        }
        String card = "{'method':'card','token':'tok_ok'}";
        assertThat(send("POST", "/orders/none/pay", card).statusCode()).isEqualTo(404);
        assertThat(send("PUT", "/orders/none/holds/MANUAL", "{}").statusCode()).isEqualTo(404);
        assertThat(send("DELETE", "/orders/none/holds/MANUAL", "").statusCode()).isEqualTo(404);
        assertThat(
                        send("PUT", "/orders/none/edit", "{'fewer':[{'line':0,'quantity':1}]}")
                                .statusCode())
                .isEqualTo(404);
        String address =
                "{'address':{'name':'Eva','line1':'Way 2','city':'Bonn','postalCode':'53111',"
                        + "'country':'DE'}}";
        assertThat(send("PUT", "/orders/none/address", address).statusCode()).isEqualTo(404);
    }

    @Test
    void what_the_state_does_not_allow_is_409_with_code_and_revision() throws Exception {
        HttpResponse<String> answer = send("POST", order + "/edit/apply", "{}");
        assertThat(answer.statusCode()).isEqualTo(409);
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.path("code").asString()).isEqualTo("NO_EDIT");
        assertThat(problem.path("revision").asLong()).isPositive();
    }
}
