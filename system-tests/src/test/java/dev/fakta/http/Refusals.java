// SPDX-License-Identifier: Apache-2.0
package dev.fakta.http;

import static dev.fakta.http.Bodies.campaign;
import static dev.fakta.http.Bodies.money;
import static dev.fakta.http.Bodies.product;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.Positions;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// What is promised for every bad request: the answer is a problem document with a 4xx status that
/// tells nothing of the inside, and nothing is recorded.
final class Refusals {

    /// 100000 characters.
    static final String LONG = "x".repeat(100_000);

    private static final Pattern INSIDE =
            Pattern.compile(
                    "dev\\.fakta|(?i:jackson|helidon|pekko|sqlite)|\\bjava\\.|Exception|Stream[A-Z]"
                            + "|Deserializ|\\bat [\\w.]+\\(");

    private Refusals() {}

    /// Lists products and campaigns that orders can be wrong about.
    static void prepare(Shop shop) {
        shop.put("/products/tea", product("Tea", 500)).is(200);
        shop.put("/products/gold", product("Gold", Long.MAX_VALUE)).is(200);
        ObjectNode euroOnly = product("Euro", 1);
        euroOnly.putArray("prices").add(money(1, "EUR"));
        shop.put("/products/euro", euroOnly).is(200);
        shop.put("/products/gone", product("Gone", 1)).is(200);
        shop.post("/products/gone/retire", "").is(200);
        ObjectNode expired = campaign("percentage", "OLD").put("percent", 5);
        shop.put("/campaigns/old", expired.put("until", "2020-01-01T00:00:00Z")).is(200);
        ObjectNode coming = campaign("percentage", "SOON").put("percent", 5);
        shop.put("/campaigns/soon", coming.put("from", "2999-01-01T00:00:00Z")).is(200);
    }

    /// Sends a bad request, and holds its answer to all that is promised.
    static Answer refused(Shop shop, Supplier<Answer> request) {
        Positions before = shop.heads();
        Answer answer = request.get();
        assertThat(answer.status())
                .as("%s%n%s", answer.request(), answer.body())
                .isBetween(400, 499);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().propertyNames())
                .as(answer.body())
                .contains("type", "title", "status", "detail", "errors");
        assertThat(answer.number("/status")).isEqualTo(answer.status());
        assertThat(answer.body()).doesNotContainPattern(INSIDE).hasSizeLessThan(200_000);
        assertThat(shop.recordedSince(before)).as("events").isEmpty();
        return answer;
    }
}
