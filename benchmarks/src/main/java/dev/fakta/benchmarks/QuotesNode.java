// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.gateway.Fakta;
import dev.fakta.gateway.Routes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/// A node of a microsystem whose processor waits: for each quote it asks somebody else for the
/// price, over HTTP, at the address that the property `fakta.bench.prices` names.
final class QuotesNode {

    static final String PRICES = "fakta.bench.prices";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    record QuoteWanted(long quantity) {}

    static final Processor<QuoteWanted, Quote.Command> QUOTING =
            Processor.named("quoting")
                    .taking(QuoteWanted.class)
                    .sendingTo(Quote.AGGREGATE)
                    .processing(
                            (wanted, _) ->
                                    new Processor.Outcome.Send<>(
                                            new Quote.Command.Give(wanted.quantity() * price())));

    private QuotesNode() {}

    private static long price() {
        HttpRequest question =
                HttpRequest.newBuilder(URI.create(System.getProperty(PRICES)))
                        .timeout(PATIENCE)
                        .build();
        try {
            HttpResponse<String> answer = CLIENT.send(question, BodyHandlers.ofString());
            return Long.parseLong(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException("the price cannot be had", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void routes(Routes http) {
        http.resource("/quotes", Quote.AGGREGATE, quote -> quote.state())
                .create("/quotes", QUOTING);
    }

    public static void main(String[] args) {
        Fakta.run(
                args,
                Microsystem.named("quotes").with(Quote.AGGREGATE).with(QUOTING),
                QuotesNode::routes);
    }
}
