// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.fakta.gateway.Authenticator.Credentials;
import dev.fakta.gateway.Authenticator.Verdict;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtAuthenticatorTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Instant START = Instant.parse("2100-01-01T00:00:00Z");
    private static final AtomicReference<Instant> NOW = new AtomicReference<>(START);
    private static final EventLog LOG = MemoryLog.create(4);

    /// Keys are old soon, so that tests see them fetched again.
    private static final IssuerKeys.Times QUICK =
            new IssuerKeys.Times(
                    Duration.ofMillis(200),
                    Duration.ofMillis(20),
                    Duration.ofMillis(150),
                    Duration.ofMillis(1),
                    Duration.ofMinutes(5));

    private static RSAKey rsa;
    private static ECKey ec;
    private static Node node;

    private Issuer issuer;
    private JwtAuthenticator tokens;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        rsa = Issuer.rsa("rsa-1");
        ec = Issuer.ec("ec-1");
        node = Node.start(NodeSettings.embedded(directory), Everything.MICROSYSTEM, LOG, NOW::get);
    }

    @AfterAll
    static void stop() {
        node.close();
        LOG.close();
    }

    @BeforeEach
    void open() {
        NOW.set(START);
        issuer = Issuer.open(rsa, ec);
        tokens = JwtAuthenticator.of(JwtSettings.of(issuer.url(), "shop"));
    }

    @AfterEach
    void close() {
        issuer.close();
    }

    /// What a good token says; each is another one.
    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(issuer.url())
                .audience(List.of("till", "shop"))
                .subject("anna")
                .jwtID(UUID.randomUUID().toString())
                .expirationTime(Date.from(START.plus(Duration.ofMinutes(10))))
                .claim("roles", List.of("staff", "of-another-system"));
    }

    private String good() {
        return Issuer.signed(rsa, claims().build());
    }

    private Verdict judged(String token) {
        return judged(tokens, token);
    }

    private static Verdict judged(JwtAuthenticator tokens, String token) {
        return tokens.authenticate(
                new Credentials(name -> name.equals("Authorization") ? "Bearer " + token : null),
                node);
    }

    private static Caller known(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Known.class);
        return ((Verdict.Known) verdict).caller();
    }

    private void isWrong(String token, String why) {
        assertThat(judged(token)).isEqualTo(new Verdict.Wrong(why));
    }

    @Test
    void a_good_token_says_who_its_holder_is() {
        Caller anna = Caller.named("jwt:anna", CallerRole.STAFF).forCustomer("");
        assertThat(known(judged(good()))).isEqualTo(anna);
        assertThat(known(judged(Issuer.signed(ec, claims().build())))).isEqualTo(anna);
    }

    @Test
    void a_token_is_verified_once_and_its_issuers_keys_are_fetched_once() {
        String token = good();
        assertThat(known(judged(token))).isEqualTo(known(judged(token)));
        known(judged(good()));

        assertThat(issuer.fetches()).isEqualTo(1);
    }

    @Test
    void a_token_ends_though_it_was_verified_and_clocks_may_differ_by_a_minute() {
        String token = good();
        known(judged(token));

        NOW.set(START.plus(Duration.ofMinutes(10)).plusSeconds(59));
        known(judged(token));
        NOW.set(START.plus(Duration.ofMinutes(10)).plusSeconds(61));
        isWrong(token, "This token has expired.");
    }

    @Test
    void a_token_begins() {
        String early =
                Issuer.signed(
                        rsa, claims().notBeforeTime(Date.from(START.plusSeconds(62))).build());
        isWrong(
                early,
                "This token is not for this server, or not for this time, or lacks a claim.");
        NOW.set(START.plusSeconds(3));
        known(judged(early));
    }

    @Test
    void a_token_for_another_server_or_without_what_is_needed_is_wrong() {
        String why = "This token is not for this server, or not for this time, or lacks a claim.";
        isWrong(Issuer.signed(rsa, claims().audience("till").build()), why);
        isWrong(Issuer.signed(rsa, claims().audience((String) null).build()), why);
        isWrong(Issuer.signed(rsa, claims().expirationTime(null).build()), why);
        isWrong(Issuer.signed(rsa, claims().subject(null).build()), why);
        isWrong(Issuer.signed(rsa, claims().subject(" ").build()), why);
        isWrong(Issuer.signed(rsa, claims().subject("a\nb").build()), why);
        isWrong(Issuer.signed(rsa, claims().subject("a".repeat(300)).build()), why);
        isWrong(Issuer.signed(rsa, claims().claim("customer", 7).build()), why);
    }

    @Test
    void a_token_of_another_issuer_is_left_to_others() {
        assertThat(judged(Issuer.signed(rsa, claims().issuer("https://other.example").build())))
                .isEqualTo(new Verdict.OfAnotherKind());
        assertThat(judged("fakta_admin_x")).isEqualTo(new Verdict.OfAnotherKind());
        assertThat(tokens.authenticate(new Credentials(_ -> null), node))
                .isEqualTo(new Verdict.OfAnotherKind());
        assertThat(issuer.fetches()).isZero();
    }

    @Test
    void a_token_that_the_issuer_has_not_signed_is_wrong() throws Exception {
        String why = "This token is not signed with a key of its issuer.";
        isWrong(Issuer.signed(Issuer.otherRsa("rsa-1"), claims().build()), why);
        isWrong(Issuer.signed(Issuer.otherRsa("unheard-of"), claims().build()), why);
        String token = good();
        isWrong(token.substring(0, token.lastIndexOf('.') + 1), "This token cannot be read.");
        String[] other = Issuer.signed(rsa, claims().subject("root").build()).split("\\.");
        String[] parts = token.split("\\.");
        isWrong(parts[0] + "." + other[1] + "." + parts[2], why);
    }

    @Test
    void keys_that_nobody_has_are_not_asked_for_again_and_again() throws Exception {
        RSAKey unknown = Issuer.otherRsa("unheard-of");
        for (int i = 0; i < 10; i++) {
            isWrong(
                    Issuer.signed(unknown, claims().build()),
                    "This token is not signed with a key of its issuer.");
        }
        assertThat(issuer.fetches()).isLessThanOrEqualTo(2);
        known(judged(good()));
    }

    @Test
    void a_token_that_is_not_signed_is_wrong() {
        isWrong(new PlainJWT(claims().build()).serialize(), "This token is not signed.");
    }

    @Test
    void a_token_that_is_signed_with_the_public_key_as_a_secret_is_wrong() throws Exception {
        String why = "This token is signed by an algorithm that is not taken here.";
        byte[] der = rsa.toRSAPublicKey().getEncoded();
        byte[] pem =
                ("-----BEGIN PUBLIC KEY-----\n"
                                + Base64.getMimeEncoder().encodeToString(der)
                                + "\n-----END PUBLIC KEY-----\n")
                        .getBytes(StandardCharsets.US_ASCII);
        for (byte[] secret : List.of(der, pem)) {
            isWrong(
                    Issuer.signed(
                            JWSAlgorithm.HS256, "rsa-1", new MACSigner(secret), claims().build()),
                    why);
        }
        isWrong(
                Issuer.signed(JWSAlgorithm.RS512, "rsa-1", new RSASSASigner(rsa), claims().build()),
                why);
    }

    @Test
    void a_token_of_another_purpose_is_wrong() throws Exception {
        SignedJWT logout =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                .keyID("rsa-1")
                                .type(new JOSEObjectType("logout+jwt"))
                                .build(),
                        claims().build());
        logout.sign(new RSASSASigner(rsa));
        isWrong(logout.serialize(), "This token is not signed with a key of its issuer.");
    }

    @Test
    void a_token_that_is_too_long_is_not_even_read() {
        String token = Issuer.signed(rsa, claims().claim("filler", "x".repeat(8 << 10)).build());
        isWrong(token, "This token is longer than 8 KiB.");
        assertThat(issuer.fetches()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ey.",
                "ey..",
                "eyJ.e.",
                "eyJhbGciOiJub25lIn0",
                "eyJhbGciOiJub25lIn0.",
                "eyJhbGciOiJSUzI1NiJ9.bm90IGpzb24.c2ln",
                "eyJhbGciOiJSUzI1NiJ9.W10.c2ln",
                "eyJhbGciOiI3In0.e30.c2ln",
                "eyJhbGciOm51bGx9.e30.c2ln",
                "ey....",
                "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d"
            })
    void what_is_no_token_opens_nothing(String text) {
        assertThat(judged(text))
                .isNotInstanceOf(Verdict.Known.class)
                .isNotInstanceOf(Verdict.NotNow.class);
    }

    @Nested
    class Roles {

        private Set<CallerRole> roles(String claim, Object value) {
            JwtSettings settings = new JwtSettings(issuer.url(), "shop", Set.of("RS256"), claim);
            JWTClaimsSet said = claims().claim("roles", null).claim(first(claim), value).build();
            return known(judged(JwtAuthenticator.of(settings), Issuer.signed(rsa, said))).roles();
        }

        private static String first(String claim) {
            return claim.startsWith("https") ? claim : claim.split("\\.")[0];
        }

        @Test
        void are_a_list_or_words_in_a_claim_of_any_name() {
            assertThat(roles("roles", List.of("Operator", "STAFF", "king", 7)))
                    .containsExactlyInAnyOrder(CallerRole.OPERATOR, CallerRole.STAFF);
            assertThat(roles("scope", "openid importer")).containsExactly(CallerRole.IMPORTER);
            assertThat(roles("https://shop.example/roles", List.of("admin")))
                    .containsExactly(CallerRole.ADMIN);
            assertThat(roles("realm_access.roles", Map.of("roles", List.of("staff"))))
                    .containsExactly(CallerRole.STAFF);
        }

        @Test
        void are_none_when_the_claim_says_none() {
            assertThat(roles("roles", null)).isEmpty();
            assertThat(roles("roles", Map.of("admin", true))).isEmpty();
            assertThat(roles("realm_access.roles", "admin")).isEmpty();
            assertThat(roles("realm_access.roles", Map.of("role", "admin"))).isEmpty();
        }

        @Test
        void of_a_customer_say_which_one() {
            JWTClaimsSet.Builder customer = claims().claim("roles", "customer");
            assertThat(known(judged(Issuer.signed(rsa, customer.build()))).customer())
                    .isEqualTo("anna");
            customer.claim("customer", "c-7");
            assertThat(known(judged(Issuer.signed(rsa, customer.build()))))
                    .isEqualTo(Caller.named("jwt:anna", CallerRole.CUSTOMER).forCustomer("c-7"));
            assertThat(
                            known(
                                            judged(
                                                    Issuer.signed(
                                                            rsa,
                                                            claims().claim("customer", "c")
                                                                    .build())))
                                    .customer())
                    .isEmpty();
        }
    }

    @Nested
    class The_issuers_keys {

        @Test
        void may_be_replaced_at_any_time() throws Exception {
            known(judged(good()));
            RSAKey next = Issuer.otherRsa("rsa-2");
            issuer.publish(next);

            known(judged(Issuer.signed(next, claims().build())));
            isWrong(good(), "This token is not signed with a key of its issuer.");
        }

        @Test
        void are_waited_for_when_the_issuer_is_away_from_the_start() {
            tokens = JwtAuthenticator.of(JwtSettings.of(issuer.url(), "shop"), QUICK);
            issuer.goAway(true);
            Verdict away =
                    new Verdict.NotNow("Whose token this is cannot be found out at the moment.");
            assertThat(judged(good())).isEqualTo(away);

            issuer.goAway(false);
            Awaitility.await().atMost(PATIENCE).until(() -> !judged(good()).equals(away));
            known(judged(good()));
        }

        @Test
        void are_not_taken_for_wrong_when_they_may_not_be_asked_for_again_yet() {
            issuer.goAway(true);
            for (int i = 0; i < 5; i++) {
                assertThat(judged(good())).isInstanceOf(Verdict.NotNow.class);
            }
        }

        @Test
        void serve_on_when_the_issuer_goes_away_later() {
            tokens = JwtAuthenticator.of(JwtSettings.of(issuer.url(), "shop"), QUICK);
            known(judged(good()));
            issuer.close();

            Awaitility.await()
                    .atMost(PATIENCE)
                    .during(QUICK.fresh().multipliedBy(5))
                    .until(() -> judged(good()) instanceof Verdict.Known);
        }

        @Test
        void are_fetched_again_before_they_are_old() {
            tokens = JwtAuthenticator.of(JwtSettings.of(issuer.url(), "shop"), QUICK);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(
                            () -> {
                                known(judged(good()));
                                return issuer.fetches() >= 4;
                            });
        }

        @Test
        void are_not_taken_from_a_document_of_another_issuer() {
            issuer.callItself("https://other.example");
            assertThat(judged(good())).isInstanceOf(Verdict.NotNow.class);
            assertThat(issuer.fetches()).isZero();
        }
    }

    @Nested
    class Settings {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "http://login.example",
                    "http://127.0.0.1.example",
                    "http://localhost.example",
                    "ftp://localhost",
                    "https://login.example?x=1",
                    "https://login.example#x",
                    "https://user@login.example",
                    "login.example",
                    "https:///x",
                    "no address",
                    ""
                })
        void take_safe_issuers_only(String url) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> JwtSettings.of(url, "shop"))
                    .withMessageContaining("settings: jwt-issuer: an https address");
        }

        @ParameterizedTest
        @ValueSource(strings = {"none", "HS256", "HS512", "RS255", "EdDSA"})
        void take_no_algorithm_that_a_public_key_could_be_the_secret_of(String algorithm) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    new JwtSettings(
                                            "https://login.example",
                                            "shop",
                                            Set.of("RS256", algorithm),
                                            "roles"))
                    .withMessageContaining("jwt-algorithms: one or more of ES256");
        }

        @Test
        void name_all_problems_at_once() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new JwtSettings("http://x", " ", Set.of(), ""))
                    .withMessageContainingAll(
                            "jwt-issuer", "jwt-audience", "jwt-algorithms", "jwt-roles-claim");
        }

        @Test
        void find_the_document_below_the_issuer() {
            assertThat(JwtSettings.of("https://login.example/realms/a/", "shop").discovery())
                    .isEqualTo(
                            URI.create(
                                    "https://login.example/realms/a/.well-known/openid-configuration"));
        }
    }

    @Test
    void over_http_a_token_opens_what_its_roles_do_and_503_says_that_nobody_can_tell()
            throws Exception {
        String forStaff = good();
        String forCustomer =
                Issuer.signed(rsa, claims().claim("roles", List.of("customer")).build());
        try (Gateway gateway =
                        Gateway.start(
                                node,
                                GatewaySettings.onLoopback(0),
                                http ->
                                        http.forRoles(Set.of(CallerRole.STAFF), Everything::routes)
                                                .authenticating(tokens));
                HttpClient client = HttpClient.newHttpClient()) {
            issuer.goAway(true);
            HttpResponse<String> away = get(client, gateway, forStaff);
            assertThat(away.statusCode()).isEqualTo(503);
            assertThat(away.headers().firstValue("Retry-After")).contains("1");
            assertThat(away.body()).doesNotContain(forStaff);
        }
        issuer.goAway(false);
        JwtAuthenticator again = JwtAuthenticator.of(JwtSettings.of(issuer.url(), "shop"));
        try (Gateway gateway =
                        Gateway.start(
                                node,
                                GatewaySettings.onLoopback(0),
                                http ->
                                        http.forRoles(Set.of(CallerRole.STAFF), Everything::routes)
                                                .authenticating(again));
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(get(client, gateway, forStaff).statusCode()).isEqualTo(404);
            assertThat(get(client, gateway, forCustomer).statusCode()).isEqualTo(403);
            HttpResponse<String> torn = get(client, gateway, forStaff + "x");
            assertThat(torn.statusCode()).isEqualTo(401);
            assertThat(torn.body()).doesNotContain("anna").doesNotContain(forStaff);
        }
    }

    private static HttpResponse<String> get(HttpClient client, Gateway gateway, String token)
            throws Exception {
        return client.send(
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:" + gateway.port() + "/everything/none"))
                        .timeout(PATIENCE)
                        .header("Authorization", "Bearer " + token)
                        .build(),
                BodyHandlers.ofString());
    }
}
