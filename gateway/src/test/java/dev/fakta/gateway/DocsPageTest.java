// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.EventLog;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DocsPageTest {

    private static final Pattern LINK = Pattern.compile("(?:src|href)=\"([^\"]+)\"");

    private EventLog log;
    private Node node;
    private Gateway gateway;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    void start(@TempDir Path directory) {
        Microsystems all = Microsystems.of(Everything.MICROSYSTEM);
        log =
                LogDirectory.open(
                        directory.resolve("log"), all.streams(), SegmentLogSettings.defaults());
        node = Node.start(NodeSettings.embedded(directory), all, log, InstantSource.system());
        gateway = Gateway.start(node, GatewaySettings.onLoopback(0), Everything::routes);
    }

    @AfterAll
    void stop() {
        client.close();
        gateway.close();
        node.close();
        log.close();
    }

    private HttpResponse<byte[]> get(String path, String accept) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway.port()).resolve(path);
        HttpRequest request = HttpRequest.newBuilder(uri).header("Accept-Encoding", accept).build();
        return client.send(request, BodyHandlers.ofByteArray());
    }

    private String text(String path) throws Exception {
        return new String(get(path, "identity").body(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "/docs, text/html, <div id=",
        "/docs/start.js, text/javascript, openapi.json",
        "/docs/swagger-ui-bundle.js, text/javascript, SwaggerUIBundle",
        "/docs/swagger-ui.css, text/css, .swagger-ui",
        "/docs/favicon.png, image/png, PNG",
    })
    void a_file_is_there_packed_and_unpacked(String path, String type, String part)
            throws Exception {
        HttpResponse<byte[]> plain = get(path, "identity");
        assertThat(plain.statusCode()).isEqualTo(200);
        assertThat(plain.headers().firstValue("Content-Type")).hasValue(type);
        assertThat(new String(plain.body(), StandardCharsets.ISO_8859_1)).contains(part);
        HttpResponse<byte[]> packed = get(path, "gzip");
        assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
        byte[] unpacked =
                new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes();
        assertThat(unpacked).isEqualTo(plain.body());
    }

    @Test
    void all_that_the_page_asks_for_is_served_here() throws Exception {
        List<String> links =
                LINK.matcher(text("/docs")).results().map(found -> found.group(1)).toList();
        assertThat(links).hasSize(4).noneMatch(link -> link.contains("//"));
        for (String link : links) {
            assertThat(get("/" + link, "gzip").statusCode()).as(link).isEqualTo(200);
        }
        assertThat(get("/openapi.json", "gzip").statusCode()).isEqualTo(200);
    }

    @Test
    void with_a_slash_behind_it_the_page_is_sent_for_without() throws Exception {
        HttpResponse<byte[]> answer = get("/docs/", "gzip");
        assertThat(answer.statusCode()).isEqualTo(308);
        String location = answer.headers().firstValue("Location").orElseThrow();
        assertThat(URI.create("http://shop.example/api/docs/").resolve(location))
                .hasToString("http://shop.example/api/docs");
        assertThat(get(URI.create("/docs/").resolve(location).getPath(), "gzip").statusCode())
                .isEqualTo(200);
    }

    @Test
    void the_browser_is_told_to_ask_no_other_host() throws Exception {
        String policy =
                get("/docs", "gzip").headers().firstValue("Content-Security-Policy").orElseThrow();
        assertThat(policy)
                .startsWith("default-src 'none'; script-src 'self'; ")
                .contains("connect-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("*", "http", "unsafe-eval");
    }

    @Test
    void scripts_are_files_and_none_stands_in_the_page() throws Exception {
        assertThat(text("/docs")).doesNotContainPattern("<script>|onload=|javascript:");
        assertThat(text("/docs/start.js")).contains("validatorUrl: null");
    }
}
