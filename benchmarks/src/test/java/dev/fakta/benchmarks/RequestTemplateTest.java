// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RequestTemplateTest {

    @Test
    void the_number_stands_wherever_the_template_has_it() {
        RequestFactory requests = RequestTemplate.get("host:80", "/orders/{n}?again={n}");

        assertThat(request(requests, 0))
                .isEqualTo("GET /orders/0?again=0 HTTP/1.1\r\nHost: host:80\r\n\r\n");
        assertThat(request(requests, 1234567890123L))
                .startsWith("GET /orders/1234567890123?again=1234567890123 HTTP/1.1\r\n");
    }

    @Test
    void the_content_length_counts_the_bytes_of_each_body() {
        RequestFactory requests =
                RequestTemplate.post("h", "/", Map.of("Idempotency-Key", "k-{n}"), "{\"ö\":{n}}");

        assertThat(request(requests, 7))
                .isEqualTo(
                        """
                        POST / HTTP/1.1\r
                        Host: h\r
                        Idempotency-Key: k-7\r
                        Content-Type: application/json\r
                        Content-Length: 8\r
                        \r
                        {"ö":7}""");
        assertThat(request(requests, 10)).endsWith("Content-Length: 9\r\n\r\n{\"ö\":10}");
    }

    @Test
    void a_body_may_be_empty_or_end_with_the_number() {
        assertThat(request(RequestTemplate.post("h", "/", Map.of(), ""), 5))
                .endsWith("Content-Length: 0\r\n\r\n");
        assertThat(request(RequestTemplate.post("h", "/", Map.of(), "{n}{n}"), 99))
                .endsWith("Content-Length: 4\r\n\r\n9999");
    }

    private static String request(RequestFactory requests, long number) {
        ByteBuffer out = ByteBuffer.allocate(1024);
        requests.write(number, out);
        return new String(out.array(), 0, out.position(), StandardCharsets.UTF_8);
    }
}
