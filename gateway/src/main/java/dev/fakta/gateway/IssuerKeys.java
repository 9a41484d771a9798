// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The public keys of an issuer of tokens, fetched from where its discovery document says that they
/// are. The document is read again with the keys, so that an issuer may move them.
final class IssuerKeys implements JWKSetSource<SecurityContext> {

    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
    private static final Duration TO_CONNECT = Duration.ofSeconds(2);
    private static final Duration TO_ANSWER = Duration.ofSeconds(3);
    private static final int LONGEST = 256 << 10;

    private final JwtSettings settings;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .connectTimeout(TO_CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();

    private IssuerKeys(JwtSettings settings) {
        this.settings = settings;
    }

    /// When keys are fetched.
    ///
    /// @param fresh how long fetched keys are taken for the newest
    /// @param ahead how long before that ends they are fetched again, beside the requests
    /// @param toRefresh how long a request waits for another that fetches them
    /// @param apart within this time they are fetched twice at most, whatever keys tokens name
    /// @param kept how long they serve while the issuer is away
    record Times(
            Duration fresh, Duration ahead, Duration toRefresh, Duration apart, Duration kept) {

        static final Times USUAL =
                new Times(
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(30),
                        Duration.ofHours(12));
    }

    /// The keys of an issuer, none of which is fetched yet. Nothing of it has to be closed.
    static JWKSource<SecurityContext> of(JwtSettings settings, Times times) {
        return JWKSourceBuilder.create(new IssuerKeys(settings))
                .cache(times.fresh().toMillis(), times.toRefresh().toMillis())
                .refreshAheadCache(
                        times.ahead().toMillis(),
                        null,
                        Executors.newVirtualThreadPerTaskExecutor(),
                        true,
                        null,
                        false)
                .rateLimited(times.apart().toMillis())
                .retrying(true)
                .outageTolerant(times.kept().toMillis())
                .build();
    }

    @Override
    public JWKSet getJWKSet(
            JWKSetCacheRefreshEvaluator ignored, long currentTime, SecurityContext none)
            throws KeySourceException {
        try {
            return JWKSet.parse(get(discovered()));
        } catch (IOException | ParseException | JacksonException e) {
            LOG.warn("the keys of {} cannot be had: {}", settings.issuer(), e.toString());
            throw new JWKSetUnavailableException("the issuer's keys cannot be had", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JWKSetUnavailableException("interrupted", e);
        }
    }

    private URI discovered() throws IOException, InterruptedException {
        JsonNode document = Json.mapper().readTree(get(settings.discovery()));
        if (!settings.issuer().equals(document.path("issuer").asString(""))) {
            throw new IOException("its discovery document names another issuer");
        }
        String keys = document.path("jwks_uri").asString("");
        if (!JwtSettings.isSafe(keys)) {
            throw new IOException("its discovery document names no https address of keys");
        }
        return URI.create(keys);
    }

    private String get(URI address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address).timeout(TO_ANSWER).build();
        HttpResponse<String> answer =
                client.send(request, BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST));
        if (answer.statusCode() != 200) {
            throw new IOException(address + " answers " + answer.statusCode());
        }
        return answer.body();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
