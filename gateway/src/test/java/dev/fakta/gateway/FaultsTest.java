// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// What a client reads and what the log says when a request is at fault, or the program, or another
/// system.
final class FaultsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final EventLog LOG = MemoryLog.create(4);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Lines LINES = new Lines();
    private static Node node;
    private static Gateway gateway;

    /// What the node logs.
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final List<ILoggingEvent> all = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            all.add(event);
        }

        long with(String part) {
            return all.stream().filter(event -> text(event).contains(part)).count();
        }

        private static String text(ILoggingEvent event) {
            return event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                            ? ""
                            : event.getThrowableProxy().getMessage());
        }
    }

    /// While another test's thread sets the logging up, there is no logger yet.
    private static Logger logger() {
        while (true) {
            if (LoggerFactory.getLogger("dev.fakta") instanceof Logger found) {
                return found;
            }
            Thread.onSpinWait();
        }
    }

    @BeforeAll
    static void open(@TempDir Path directory) {
        LINES.start();
        logger().addAppender(LINES);
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        Everything.MICROSYSTEM,
                        LOG,
                        InstantSource.system());
        gateway = Gateway.start(node, GatewaySettings.onLoopback(0).trusting(), Everything::routes);
    }

    @AfterAll
    static void close() {
        logger().detachAppender(LINES);
        CLIENT.close();
        gateway.close();
        node.close();
        LOG.close();
    }

    private static HttpResponse<String> send(String method, String path, String body)
            throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway.port() + path);
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .timeout(PATIENCE)
                        .method(method, BodyPublishers.ofString(body))
                        .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    seats     | "2"          | a whole number
                    seats     | 2.5          | a whole number
                    seats     | {}           | a whole number
                    price     | "12"         | a number, as in 12.5
                    urgent    | "yes"        | true or false
                    urgent    | 1            | true or false
                    text      | 7            | a text
                    text      | []           | a text
                    date      | "24.12.2026" | a date, as in 2026-12-24
                    date      | true         | a date, as in 2026-12-24
                    time      | "24.12.2026" | a time in UTC, as in 2026-11-22T10:00:00Z
                    within    | "15 min"     | a duration, as in PT15M
                    reference | "7"          | a UUID, as in 123e4567-e89b-12d3-a456-426614174000
                    names     | "ada"        | a list
                    names     | {}           | a list
                    notes     | []           | an object
                    address   | "Main St 1"  | an object
                    colour    | "BLUE"       | one of RED, GREEN
                    colour    | 0            | one of RED, GREEN
                    """)
    void a_field_of_another_type_is_answered_with_what_belongs_there(
            String field, String value, String expected) throws Exception {
        var answer = send("PUT", "/everything/types", "{\"%s\":%s}".formatted(field, value));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body())
                .contains("\"field\":\"" + field + "\"")
                .contains("\"reason\":\"" + expected + "\"");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    price           | {"price": 1e-99999999999999}
                    price           | {"price": 1E+99999999999999}
                    notes.a         | {"notes": {"a": 1e99999999999}}
                    names[1]        | {"names": ["ada", 1e-99999999999]}
                    address.street  | {"address": {"street": -1e99999999999}}
                    more            | {"seats": 2, "more": 1e-99999999999999}
                    """)
    void a_number_that_no_number_can_be_is_named(String field, String body) throws Exception {
        var answer = send("PUT", "/everything/endless", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body())
                .contains("\"field\":\"" + field + "\"")
                .doesNotContain("java", "Decimal");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seats",
                "price",
                "urgent",
                "date",
                "time",
                "within",
                "reference",
                "names",
                "notes",
                "address",
                "colour"
            })
    void an_empty_text_is_none_of_another_type(String field) throws Exception {
        for (String text : List.of("", " ", "\\u0000")) {
            var answer = send("PUT", "/everything/empty", "{\"%s\":\"%s\"}".formatted(field, text));
            assertThat(answer.statusCode()).as("'%s' %s", text, answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "[true]", "[]", "1", "\"true\"", "\"\"", "null"})
    void a_body_is_an_object_whatever_it_holds(String body) throws Exception {
        for (String path : List.of("/everything/on/switch", "/everything/on/unanswered")) {
            var answer = send("PUT", path, body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("/problems/unreadable-request");
        }
        assertThat(send("PUT", "/everything/on/switch", "{\"isOn\":true}").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"06", "%2B6", "-0", "1e1", "6.0", "9999999999999999999"})
    void a_number_in_a_query_is_written_as_json_writes_it(String number) throws Exception {
        assertThat(send("PUT", "/everything/counted", "{}").statusCode()).isEqualTo(200);
        for (String query : List.of("/events?after=", "/events?limit=", "?revision=")) {
            var answer = send("GET", "/everything/counted" + query + number, "");
            assertThat(answer.statusCode()).as(query + answer.body()).isEqualTo(400);
        }
        assertThat(send("GET", "/everything/counted/events?after=0", "").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tru", "[[[", "1e99999999999", "{}"})
    void of_a_long_name_no_more_is_repeated_than_people_read(String value) throws Exception {
        String body = "{\"%s\":%s}".formatted("n".repeat(40_000), value);
        var answer = send("PUT", "/everything/long", body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("nnn").hasSizeLessThan(1_500);
    }

    @Test
    void what_belongs_there_is_taken() throws Exception {
        String body =
                """
                {"seats": 2, "price": 12.5, "urgent": true, "text": "x", "date": "2026-12-24",
                "time": "2026-11-22T10:00:00Z", "within": "PT15M", "names": ["ada"],
                "reference": "123e4567-e89b-12d3-a456-426614174000", "notes": {"a": "b"},
                "address": {"street": "Main St 1"}, "colour": "RED"}""";
        var answer = send("PUT", "/everything/right", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void a_query_with_a_misspelled_column_is_our_defect_and_shows_no_sql() throws Exception {
        var answer = send("GET", "/misspelled/counted", "");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("/problems/defect").doesNotContain("idx", "select");
        assertThat(LINES.with("select idx from everything")).isEqualTo(1);
    }

    @Test
    void a_decision_that_throws_is_logged_once() throws Exception {
        var answer = send("PUT", "/everything/broken/break", "{}");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(LINES.with("broken on purpose")).isEqualTo(1);
        assertThat(LINES.with("/everything/broken/break")).isZero();
    }

    @Test
    void what_a_processor_got_no_answer_for_is_not_recorded_and_the_log_has_the_reason()
            throws Exception {
        var answer = send("PUT", "/everything/x/unanswered", "{\"street\":\"Main St 1\"}");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body())
                .contains("/problems/unanswered", "Nothing was recorded; try again.")
                .doesNotContain(Everything.REASON);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(LINES.with(Everything.REASON)).isEqualTo(1);
    }
}
