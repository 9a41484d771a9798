// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.Lookup;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks the API of Kubernetes for pods. A pod counts while it runs, ready or not, until it is to be
/// deleted. Needs the permission to list pods.
///
/// @param api the API's address
/// @param account the directory of the service account: `token`, `namespace` and `ca.crt`, which
///   are read anew each time
/// @param labels the label selector
/// @param port the cluster port of every node
record KubernetesLookup(URI api, Path account, String labels, int port) implements Lookup {

    private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
    private static final Duration WITHIN = Duration.ofSeconds(5);
    private static final int PAGE = 250;
    private static final int MOST_PAGES = 100;

    /// @throws IllegalStateException when this is no pod
    static KubernetesLookup ofPod(String labels, int port, Map<String, String> environment) {
        String host = environment.get("KUBERNETES_SERVICE_HOST");
        String api = environment.get("KUBERNETES_SERVICE_PORT");
        if (host == null || api == null) {
            throw new IllegalStateException(
                    "discover: kubernetes: works in a pod only (KUBERNETES_SERVICE_HOST is not set)");
        }
        String bracketed = host.contains(":") ? "[" + host + "]" : host;
        return new KubernetesLookup(
                URI.create("https://" + bracketed + ":" + api), ACCOUNT, labels, port);
    }

    @Override
    public List<String> look() throws IOException {
        String namespace = Files.readString(account.resolve("namespace")).strip();
        String path =
                "/api/v1/namespaces/%s/pods?limit=%d&labelSelector=%s"
                        .formatted(encoded(namespace), PAGE, encoded(labels));
        List<String> found = new ArrayList<>();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(WITHIN).sslContext(trust()).build()) {
            String next = "";
            for (int page = 0; page < MOST_PAGES; page++) {
                JsonNode pods = get(client, next.isEmpty() ? path : path + "&continue=" + next);
                pods.path("items").forEach(pod -> addAddress(pod, found));
                next = encoded(pods.path("metadata").path("continue").asString(""));
                if (next.isEmpty()) {
                    return found;
                }
            }
        }
        throw new IOException("more than %,d pods".formatted(PAGE * MOST_PAGES));
    }

    private void addAddress(JsonNode pod, List<String> found) {
        JsonNode status = pod.path("status");
        String phase = status.path("phase").asString("");
        String address = status.path("podIP").asString("");
        boolean isLeaving = !pod.path("metadata").path("deletionTimestamp").isMissingNode();
        if (phase.equals("Running") && !isLeaving && !address.isEmpty()) {
            found.add((address.contains(":") ? "[" + address + "]" : address) + ":" + port);
        }
    }

    private JsonNode get(HttpClient client, String path) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(api.resolve(path))
                        .timeout(WITHIN)
                        .header("Accept", "application/json")
                        .header(
                                "Authorization",
                                "Bearer " + Files.readString(account.resolve("token")).strip())
                        .build();
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException(
                        "status %d: %s".formatted(response.statusCode(), reason(response.body())));
            }
            return JsonMapper.shared().readTree(response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (JacksonException e) {
            throw new IOException("the answer is not JSON", e);
        }
    }

    /// The API answers a `Status` with a message for people.
    private static String reason(String body) {
        try {
            return JsonMapper.shared().readTree(body).path("message").asString("");
        } catch (JacksonException _) {
            return "";
        }
    }

    private SSLContext trust() throws IOException {
        try (InputStream in = Files.newInputStream(account.resolve("ca.crt"))) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate one :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + number++, one);
            }
            TrustManagerFactory trusted =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trusted.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("ca.crt: " + e.getMessage(), e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "kubernetes:" + labels;
    }
}
