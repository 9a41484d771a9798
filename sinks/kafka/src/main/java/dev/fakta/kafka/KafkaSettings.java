// SPDX-License-Identifier: Apache-2.0
package dev.fakta.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// Where events go in Kafka.
///
/// @param brokers some of the cluster's, as `HOST:PORT,HOST:PORT`
/// @param prefix of the names of all topics
/// @param partitions of a topic that is made for a microsystem's events
/// @param makesTopics whether topics that are not there are made; else they have to be there
/// @param client more settings of Kafka's clients, such as those of TLS and SASL, by their names in
///   Kafka; those that exactly once rests on are not changed by them
public record KafkaSettings(
        String brokers,
        String prefix,
        int partitions,
        boolean makesTopics,
        Map<String, String> client) {

    private static final int MOST_PARTITIONS = 10_000;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,99}");

    public KafkaSettings {
        client = Map.copyOf(client);
        if (brokers.isBlank()) {
            throw new IllegalArgumentException("brokers: HOST:PORT of one at least is needed");
        }
        if (!NAME.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "prefix: 1 to 100 letters, digits, '.', '_' and '-' are needed, not '%s'"
                            .formatted(prefix));
        }
        if (partitions < 1 || partitions > MOST_PARTITIONS) {
            throw new IllegalArgumentException(
                    "partitions: 1 to %,d, not %d".formatted(MOST_PARTITIONS, partitions));
        }
    }

    /// Topics `fakta.MICROSYSTEM` of 12 partitions, which are made when they are missing.
    public static KafkaSettings of(String brokers) {
        return new KafkaSettings(brokers, "fakta", 12, true, Map.of());
    }

    /// The same with another beginning of the topics' names.
    public KafkaSettings withPrefix(String other) {
        return new KafkaSettings(brokers, other, partitions, makesTopics, client);
    }

    /// The same with so many partitions of topics that are made.
    public KafkaSettings withPartitions(int count) {
        return new KafkaSettings(brokers, prefix, count, makesTopics, client);
    }

    /// The same for topics that an administrator makes.
    public KafkaSettings withoutMakingTopics() {
        return new KafkaSettings(brokers, prefix, partitions, false, client);
    }

    /// The same with a setting of Kafka's clients.
    public KafkaSettings with(String name, String value) {
        Map<String, String> more = new HashMap<>(client);
        more.put(name, value);
        return new KafkaSettings(brokers, prefix, partitions, makesTopics, more);
    }

    /// The topic of a microsystem's events.
    public String topic(String microsystem) {
        return prefix + "." + microsystem;
    }

    /// The topic that has a subscription's places in the log.
    public String positionsTopic(String subscription) {
        return prefix + ".positions." + subscription;
    }

    /// Without the values of [#client], among which are passwords.
    @Override
    public String toString() {
        return "KafkaSettings[brokers=%s, prefix=%s, partitions=%d, makesTopics=%s, client=%s]"
                .formatted(brokers, prefix, partitions, makesTopics, client.keySet());
    }
}
