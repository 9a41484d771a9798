// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The baseline of everything that answers HTTP: a 300-byte JSON order request, parsed and written
/// back by [EchoServer] in its own JVM, over 64 connections.
final class EchoBenchmark implements Benchmark {

    static final int CONNECTIONS = 64;

    static final Duration WARM_UP = Duration.ofSeconds(20);
    static final String ORDER =
            """
            {"customerId":"128","email":"customer-128@example.com","currency":"EUR",\
            "lines":[{"sku":"S18_2325","quantity":25}],\
            "shipping":{"method":"standard","address":{"name":"Blauer See Auto","line1":\
            "Lyonerstr. 34","city":"Frankfurt","postalCode":"60528","country":"DE"}},\
            "payment":{"method":"card","token":"tok_ok"}}""";

    @Override
    public String name() {
        return "echo";
    }

    @Override
    public String description() {
        return "JSON echo on Helidon SE, %d bytes, %d connections, load from the same machine"
                .formatted(ORDER.length(), CONNECTIONS);
    }

    @Override
    public List<Figure> run(Duration time) throws Exception {
        try (ChildJvm server = ChildJvm.start(EchoServer.class, List.of("-Xmx512m"), List.of())) {
            RequestFactory requests =
                    RequestTemplate.post(server.address().getAuthority(), "/echo", Map.of(), ORDER);
            return figures(
                    LoadGenerator.run(
                            Load.of(server.socketAddress(), CONNECTIONS, WARM_UP, time), requests));
        }
    }

    static List<Figure> figures(LoadResult result) {
        if (result.failures() > 0) {
            throw new IllegalStateException("requests failed: " + result.errors());
        }
        return List.of(
                Figure.of("rate", result.rate(), "requests/s"),
                Figure.of("latency p50", result.p50Micros() / 1000, "ms"),
                Figure.of("latency p99", result.p99Micros() / 1000, "ms"),
                Figure.of("load generator's CPU", result.generatorMicros(), "us/request"));
    }
}
