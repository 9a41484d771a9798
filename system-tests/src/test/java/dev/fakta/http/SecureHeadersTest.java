// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.http.AccessTable.Row;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every route of the shop tells browsers and caches what to leave undone, whatever it answers.
final class SecureHeadersTest {

    private static final Pattern PARAMETER = Pattern.compile("\\{[a-zA-Z]+}");
    private static Shop shop;

    @BeforeAll
    static void open(@TempDir Path directory) {
        shop = Shop.openForCallers(directory);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static Stream<Row> routes() {
        return AccessTable.rows().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("routes")
    void every_answer_of_a_route_has_them(Row row) {
        String path = PARAMETER.matcher(row.path()).replaceAll("nothing");
        String method = path.equals("/events") ? "HEAD" : row.method();
        for (String[] who : List.of(new String[0], Keys.with("admin:ada"))) {
            Answer answer =
                    shop.sendUnchecked(
                            method,
                            path,
                            row.method().equals("GET")
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofString("{}"),
                            who);
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.header("Content-Security-Policy"))
                    .startsWith("default-src 'none'")
                    .contains("frame-ancestors 'none'");
            assertThat(answer.headers().allValues("Cache-Control"))
                    .as("%s", answer)
                    .containsExactly(
                            answer.headers().firstValue("ETag").isEmpty()
                                    ? "no-store"
                                    : "private, no-cache");
            assertThat(answer.headers().firstValue("Strict-Transport-Security")).isEmpty();
        }
    }
}
