// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.gateway.ServedMicrosystem;
import dev.fakta.kafka.KafkaSettings;
import dev.fakta.kafka.KafkaSink;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Whether and how events go to Kafka.
final class KafkaOptions {

    /// The subscription that sends them; Kafka keeps its place under this name.
    static final String SUBSCRIPTION = "kafka";

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description =
                    "send all events to Kafka, each exactly once, a topic for each microsystem; brokers are separated by commas. In a cluster every node gets the same")
    private @Nullable String brokers;

    @Option(
            names = "--kafka-prefix",
            paramLabel = "NAME",
            description = "what the names of the topics begin with (default: ${DEFAULT-VALUE})",
            defaultValue = "fakta")
    private String prefix = "fakta";

    @Option(
            names = "--kafka-client",
            paramLabel = "FILE",
            description =
                    "a properties file with more settings of Kafka's client: TLS, SASL, compression.type")
    private @Nullable Path client;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /// What is served, with the subscription if there is to be one.
    List<ServedMicrosystem> with(List<ServedMicrosystem> served) {
        if (brokers == null) {
            if (client != null) {
                throw new ParameterException(
                        spec.commandLine(), "--kafka-client needs --kafka HOST:PORT");
            }
            return served;
        }
        List<ServedMicrosystem> all = new ArrayList<>(served);
        ServedMicrosystem first = all.getFirst();
        all.set(
                0,
                new ServedMicrosystem(
                        first.definition()
                                .with(KafkaSink.subscription(SUBSCRIPTION, settings(brokers))),
                        first.routes()));
        return all;
    }

    private KafkaSettings settings(String addresses) {
        try {
            KafkaSettings settings = KafkaSettings.of(addresses).withPrefix(prefix);
            Properties more = new Properties();
            if (client != null) {
                try (Reader file = Files.newBufferedReader(client)) {
                    more.load(file);
                }
            }
            for (String name : more.stringPropertyNames()) {
                settings = settings.with(name, more.getProperty(name));
            }
            return settings;
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(), "--kafka-client: %s cannot be read".formatted(client), e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--kafka: " + e.getMessage(), e);
        }
    }
}
