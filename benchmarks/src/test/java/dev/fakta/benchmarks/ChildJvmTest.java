// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ChildJvmTest {

    private static final String ORDER =
            """
            {"customerId":"1","email":"a@example.com","currency":"EUR",\
            "lines":[{"sku":"A","quantity":2}],"shipping":{"method":"standard",\
            "address":{"name":"A","line1":"B","city":"C","postalCode":"D","country":"DE"}},\
            "payment":{"method":"card","token":"tok_ok"}}""";

    @Test
    void the_echo_server_answers_with_what_it_was_sent_and_takes_the_generators_load()
            throws IOException, InterruptedException {
        long pid;
        try (ChildJvm server = ChildJvm.start(EchoServer.class, List.of(), List.of());
                HttpClient client = HttpClient.newHttpClient()) {
            pid = server.pid();
            HttpRequest request =
                    HttpRequest.newBuilder(server.address().resolve("/echo"))
                            .POST(BodyPublishers.ofString(ORDER))
                            .build();
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            assertThat(response.body()).isEqualTo(ORDER);

            LoadResult result = LoadGenerator.run(load(server), requests(server));
            assertThat(result.errors()).isEmpty();
            assertThat(result.requests()).isPositive();
        }
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void a_child_that_ends_before_it_is_ready_is_an_error_that_names_it() {
        assertThatThrownBy(() -> ChildJvm.start(LoadGenerator.class, List.of(), List.of()))
                .isInstanceOf(IOException.class)
                .hasMessage("LoadGenerator did not become ready");
    }

    private static Load load(ChildJvm server) {
        return Load.of(server.socketAddress(), 8, Duration.ZERO, Duration.ofSeconds(1));
    }

    private static RequestFactory requests(ChildJvm server) {
        return RequestTemplate.post(server.address().getAuthority(), "/echo", Map.of(), ORDER);
    }
}
