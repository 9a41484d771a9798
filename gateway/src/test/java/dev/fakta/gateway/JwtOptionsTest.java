// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class JwtOptionsTest {

    @Command(name = "node")
    private static final class Program {
        @Mixin private ServeOptions options;
    }

    private static ServeOptions options(String... arguments) {
        Program program = new Program();
        new CommandLine(program).parseArgs(arguments);
        return program.options;
    }

    private static void refuses(String message, String... arguments) {
        assertThatExceptionOfType(ParameterException.class)
                .isThrownBy(() -> options(arguments).jwt())
                .withMessageContaining(message);
    }

    @Test
    void without_an_issuer_no_tokens_are_taken() {
        assertThat(options().jwt()).isNull();
    }

    @Test
    void an_issuer_needs_an_audience_and_the_rest_has_defaults() {
        assertThat(options("--jwt-issuer", "https://login.example", "--jwt-audience", "shop").jwt())
                .isNotNull();
        assertThat(
                        options(
                                        "--jwt-issuer=https://login.example",
                                        "--jwt-audience=shop",
                                        "--jwt-algorithms=RS256,PS512",
                                        "--jwt-roles-claim=realm_access.roles")
                                .jwt())
                .isNotNull();
        refuses("--jwt-audience", "--jwt-issuer", "https://login.example");
        refuses("--jwt-issuer", "--jwt-audience", "shop");
    }

    @Test
    void wrong_ones_are_named_all_at_once() {
        refuses(
                "jwt-issuer: an https address, or http on loopback",
                "--jwt-issuer=http://login.example",
                "--jwt-audience=shop");
        refuses(
                "jwt-algorithms: one or more of ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384, RS512; jwt-roles-claim",
                "--jwt-issuer=https://login.example",
                "--jwt-audience=shop",
                "--jwt-algorithms=RS256,HS256",
                "--jwt-roles-claim=");
    }

    @Test
    void a_server_that_is_started_with_an_issuer_takes_its_tokens(@TempDir Path data)
            throws Exception {
        RSAKey key = Issuer.rsa("rsa-1");
        try (Issuer issuer = Issuer.open(key);
                Served served =
                        Served.start(
                                options(
                                        "--port=0",
                                        "--data=" + data,
                                        "--jwt-issuer=" + issuer.url(),
                                        "--jwt-audience=shop"),
                                List.of(
                                        new ServedMicrosystem(
                                                Everything.MICROSYSTEM, Everything::routes)));
                HttpClient client = HttpClient.newHttpClient()) {
            JWTClaimsSet.Builder claims =
                    new JWTClaimsSet.Builder()
                            .issuer(issuer.url())
                            .audience("shop")
                            .subject("anna")
                            .expirationTime(Date.from(Instant.parse("2100-01-01T00:00:00Z")));
            String staff = Issuer.signed(key, claims.claim("roles", "staff").build());
            String admin = Issuer.signed(key, claims.claim("roles", "admin").build());

            assertThat(status(client, served, admin)).isEqualTo(404);
            assertThat(status(client, served, staff)).isEqualTo(403);
            assertThat(status(client, served, staff + "x")).isEqualTo(401);
        }
    }

    private static int status(HttpClient client, Served served, String token) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(served.uri().resolve("/everything/none"))
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }
}
