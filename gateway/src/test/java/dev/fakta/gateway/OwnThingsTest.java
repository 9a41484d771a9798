// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.fakta.gateway.Authenticator.Credentials;
import dev.fakta.gateway.Authenticator.Verdict;
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
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A customer finds and changes its own, by every kind of route.
class OwnThingsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final EventLog LOG = MemoryLog.create(4);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static Node node;
    private static Gateway gateway;

    /// Takes `Bearer NAME` for a customer, but that of Sue for staff, and that of a shop's page for
    /// one that buys for Carl.
    private static Verdict believe(Credentials credentials) {
        String name = String.valueOf(credentials.bearer());
        Caller customer = Caller.named(name, CallerRole.CUSTOMER);
        return new Verdict.Known(
                switch (name) {
                    case "sue" -> Caller.named(name, CallerRole.STAFF);
                    case "both" -> Caller.named(name, CallerRole.STAFF, CallerRole.CUSTOMER);
                    case "page" -> customer.forCustomer("carl");
                    case "nobody" -> customer.forCustomer("");
                    default -> customer;
                });
    }

    private static void routes(Routes http) {
        CallerRole[] all = {CallerRole.STAFF, CallerRole.CUSTOMER};
        http.owned(Wish.AGGREGATE, Wish::owner)
                .customersSee(Wish.AGGREGATE, found -> "yours: " + found.state().text())
                .partOf(Wish.COMMENT, Wish::owner, Wish.AGGREGATE)
                .resource("/wishes", Wish.AGGREGATE, found -> found.state())
                .allowing(all)
                .create("/wishes", Wish.MAKE)
                .naming("owner", Wish.Wanted.class, Wish.Wanted::owner)
                .allowing(all)
                .preview("/wishes/preview", Wish.MAKE, String::valueOf)
                .naming("owner", Wish.Wanted.class, Wish.Wanted::owner)
                .allowing(all)
                .put("/wishes/{id}", Wish.Command.Change.class, Wish.AGGREGATE)
                .allowing(all)
                .post("/wishes/{id}/change", Wish.CHANGE)
                .allowing(all)
                .resource("/comments", Wish.COMMENT, found -> found.state())
                .allowing(all)
                .eventsAllowing(CallerRole.STAFF)
                .create("/wishes/{id}/comments", Wish.SAY)
                .within(Wish.AGGREGATE)
                .allowing(all)
                .get("/careless", Wish.VIEW, query -> rows(query))
                .allowing(all)
                .get("/shared", Wish.VIEW, query -> rows(query))
                .shared()
                .allowing(all)
                .get("/mine", Wish.VIEW, query -> List.of(String.valueOf(query.onlyCustomer())))
                .allowing(all)
                .get("/of", Wish.VIEW, query -> rows(query.within("wish", Wish.AGGREGATE)))
                .allowing(all);
    }

    private static List<String> rows(Query query) {
        return query.rows("select 'row' as id", row -> row.text("id"));
    }

    @BeforeAll
    static void open(@TempDir Path directory) {
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        Wish.MICROSYSTEM,
                        LOG,
                        InstantSource.system());
        gateway =
                Gateway.start(
                        node,
                        GatewaySettings.onLoopback(0)
                                .authenticating((credentials, _) -> believe(credentials)),
                        OwnThingsTest::routes);
    }

    @AfterAll
    static void close() {
        CLIENT.close();
        gateway.close();
        node.close();
        LOG.close();
    }

    private static HttpResponse<String> send(String key, String method, String path, String body)
            throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .timeout(PATIENCE)
                        .header("Authorization", "Bearer " + key)
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static int status(String key, String method, String path, String body)
            throws Exception {
        return send(key, method, path, body).statusCode();
    }

    private static String made(String key, String path, String body) throws Exception {
        HttpResponse<String> answer = send(key, "POST", path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private static String carls() throws Exception {
        return made("carl", "/wishes", "{\"owner\":\"carl\",\"text\":\"tea\"}");
    }

    @ParameterizedTest(name = "{0} ID{1}")
    @CsvSource({
        "GET, '', ''",
        "HEAD, '', ''",
        "GET, ?revision=1, ''",
        "GET, ?at=2999-01-01T00:00:00Z, ''",
        "GET, /events, ''",
        "PUT, '', {}",
        "POST, /change, {}",
        "POST, /comments, {}"
    })
    void what_is_anothers_is_as_if_it_did_not_exist(String method, String rest, String body)
            throws Exception {
        String wish = carls();
        HttpResponse<String> hers = send("mallory", method, wish + rest, body);
        HttpResponse<String> none = send("mallory", method, "/wishes/none" + rest, body);

        assertThat(hers.statusCode()).isEqualTo(404);
        assertThat(hers.body().replace(wish.substring(8), "none")).isEqualTo(none.body());
        assertThat(none.statusCode()).isEqualTo(404);
        for (String key : List.of("nobody", "both", "sue", "carl", "page")) {
            assertThat(status(key, method, wish + rest, body) < 400)
                    .as(key)
                    .isNotEqualTo(key.equals("nobody"));
        }
    }

    @Test
    void a_part_is_whose_the_whole_is() throws Exception {
        String comment = made("carl", carls() + "/comments", "{\"text\":\"soon\"}");

        assertThat(status("carl", "GET", comment, "")).isEqualTo(200);
        assertThat(status("page", "GET", comment, "")).isEqualTo(200);
        assertThat(status("mallory", "GET", comment, "")).isEqualTo(404);
    }

    @Test
    void events_may_be_for_fewer_than_what_they_lead_to() throws Exception {
        String comment = made("carl", carls() + "/comments", "{\"text\":\"soon\"}");

        assertThat(status("carl", "GET", comment + "/events", "")).isEqualTo(403);
        assertThat(status("sue", "GET", comment + "/events", "")).isEqualTo(200);
    }

    @ParameterizedTest(name = "{0} as {1}: {2}")
    @CsvSource({
        "mallory, carl, 403",
        "carl, carl, 200",
        "page, carl, 200",
        "page, page, 403",
        "nobody, nobody, 403",
        "sue, carl, 200"
    })
    void a_customer_makes_things_for_itself(String key, String owner, int status) throws Exception {
        String body = "{\"owner\":\"%s\"}".formatted(owner);

        HttpResponse<String> preview = send(key, "POST", "/wishes/preview", body);
        assertThat(preview.statusCode()).isEqualTo(status);
        assertThat(status(key, "POST", "/wishes", body)).isEqualTo(status == 200 ? 201 : status);
        if (status == 403) {
            assertThat(preview.body()).contains("\"code\":\"FORBIDDEN\"", "\"field\":\"owner\"");
        }
    }

    @Test
    void a_customer_that_names_nobody_makes_nothing() throws Exception {
        assertThat(status("carl", "POST", "/wishes", "{}")).isEqualTo(403);
        assertThat(status("nobody", "POST", "/wishes", "{\"owner\":\"\"}")).isEqualTo(403);
    }

    @Test
    void customers_see_what_is_meant_for_them() throws Exception {
        String wish = carls();

        assertThat(send("carl", "GET", wish, "").body()).isEqualTo("\"yours: tea\"");
        assertThat(send("carl", "PUT", wish, "{\"text\":\"mate\"}").body())
                .isEqualTo("\"yours: mate\"");
        assertThat(send("sue", "GET", wish, "").body()).contains("\"owner\":\"carl\"");
        assertThat(send("both", "GET", wish, "").body()).contains("\"owner\":\"carl\"");
    }

    @Nested
    class A_view {

        @Test
        void gives_customers_no_rows_that_nobody_has_bounded() throws Exception {
            assertThat(status("carl", "GET", "/careless", "")).isEqualTo(500);
            assertThat(status("sue", "GET", "/careless", "")).isEqualTo(200);
            assertThat(status("carl", "GET", "/shared", "")).isEqualTo(200);
        }

        @Test
        void is_told_whose_things_alone_may_be_shown() throws Exception {
            assertThat(send("carl", "GET", "/mine", "").body()).isEqualTo("[\"carl\"]");
            assertThat(send("page", "GET", "/mine", "").body()).isEqualTo("[\"carl\"]");
            assertThat(send("both", "GET", "/mine", "").body()).isEqualTo("[\"null\"]");
        }

        @Test
        void has_nothing_of_what_is_anothers() throws Exception {
            String path = "/of?wish=" + carls().substring(8);
            assertThat(send("carl", "GET", path, "").body()).isEqualTo("[\"row\"]");
            assertThat(send("mallory", "GET", path, "").body()).isEqualTo("[]");
            assertThat(send("mallory", "GET", "/of?wish=none", "").body()).isEqualTo("[]");
            assertThat(status("mallory", "GET", "/of", "")).isEqualTo(400);
            assertThat(status("mallory", "GET", "/of?wish=..", "")).isEqualTo(400);
        }
    }

    @Nested
    class Routes_for_customers {

        private static void refused(Consumer<Routes> routes, String... problems) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    Gateway.start(
                                            node,
                                            GatewaySettings.onLoopback(0).trusting(),
                                            http -> {
                                                http.resource(
                                                                "/wishes",
                                                                Wish.AGGREGATE,
                                                                found -> found.state())
                                                        .resource(
                                                                "/comments",
                                                                Wish.COMMENT,
                                                                found -> found.state());
                                                routes.accept(http);
                                            }))
                    .withMessageStartingWith("routes: ")
                    .withMessageContainingAll(problems);
        }

        @Test
        void say_whose_things_are() {
            refused(
                    http ->
                            http.allowing(CallerRole.CUSTOMER)
                                    .create("/wishes", Wish.MAKE)
                                    .allowing(CallerRole.CUSTOMER)
                                    .post("/wishes/{id}/change", Wish.CHANGE)
                                    .allowing(CallerRole.CUSTOMER)
                                    .put("/wishes/{id}", Wish.Command.Change.class, Wish.AGGREGATE)
                                    .allowing(CallerRole.STAFF),
                    "GET /comments/{id} is for customers, and nothing says whose",
                    "GET /comments/{id}/events is for customers, and nothing says whose",
                    "POST /wishes is for customers, and nothing says for whom they may",
                    "POST /wishes/{id}/change is for customers, and nothing says whose");
        }

        @Test
        void say_so_of_what_they_take_and_where_they_stand() {
            refused(
                    http ->
                            http.partOf(Wish.COMMENT, Wish::owner, Wish.AGGREGATE)
                                    .create("/wishes", Wish.MAKE)
                                    .naming("id", Wish.Said.class, Wish.Said::id)
                                    .allowing(CallerRole.CUSTOMER)
                                    .post("/wishes/{id}/change", Wish.CHANGE)
                                    .within(Wish.AGGREGATE)
                                    .allowing(CallerRole.CUSTOMER),
                    "POST /wishes takes no Said",
                    "POST /wishes/{id}/change creates nothing within",
                    "others are part of aggregate wish, and nothing says whose that is");
        }
    }

    @Test
    void the_routes_of_an_application_are_listed() {
        assertThat(
                        ListedRoute.of(
                                http ->
                                        http.get("/a", Wish.VIEW, _ -> "")
                                                .allowing(CallerRole.STAFF)
                                                .get("/b", Wish.VIEW, _ -> "")
                                                .open()
                                                .delete("/c/{id}", Wish.CHANGE)))
                .containsExactly(
                        new ListedRoute("GET", "/a", false, Set.of(CallerRole.STAFF)),
                        new ListedRoute("GET", "/b", true, Set.of()),
                        new ListedRoute("DELETE", "/c/{id}", false, Set.of()));
    }
}
