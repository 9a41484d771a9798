// SPDX-License-Identifier: Apache-2.0
package dev.fakta.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// The topics that subscriptions write to: makes those that are missing, and reads the place in the
/// log that was committed last.
final class KafkaTopics {

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long FIRST_LOOK = 100;

    private final KafkaSettings settings;

    KafkaTopics(KafkaSettings settings) {
        this.settings = settings;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Makes the topic of a microsystem's events.
    void make(String microsystem) {
        make(new NewTopic(settings.topic(microsystem), Optional.of(settings.partitions()), none()));
    }

    /// Makes the topic of a subscription's places. Kafka may drop all but the newest record.
    void makePositions(String subscription) {
        make(
                new NewTopic(settings.positionsTopic(subscription), Optional.of(1), none())
                        .configs(
                                Map.of(
                                        TopicConfig.CLEANUP_POLICY_CONFIG,
                                        TopicConfig.CLEANUP_POLICY_COMPACT,
                                        TopicConfig.SEGMENT_BYTES_CONFIG,
                                        Integer.toString(16 << 20))));
    }

    /// As many copies as the brokers make by themselves.
    private static Optional<Short> none() {
        return Optional.empty();
    }

    private void make(NewTopic topic) {
        if (!settings.makesTopics()) {
            return;
        }
        try (Admin admin = Admin.create(common())) {
            admin.createTopics(List.of(topic)).all().get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException(
                        "topic %s cannot be made: %s".formatted(topic.name(), e.getCause()),
                        e.getCause());
            }
        } catch (TimeoutException e) {
            throw new KafkaException("topic %s cannot be made in time".formatted(topic.name()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }

    private Map<String, Object> common() {
        Map<String, Object> all = new HashMap<>();
        all.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000");
        all.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        all.putAll(settings.client());
        all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.brokers());
        return all;
    }

    /// The place that the subscription has committed last; empty when it has none. To be asked when
    /// no transaction of the subscription is open.
    String position(String subscription) {
        Map<String, Object> all = common();
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        TopicPartition places = new TopicPartition(settings.positionsTopic(subscription), 0);
        try (var consumer = new KafkaConsumer<String, byte[]>(all)) {
            consumer.assign(List.of(places));
            long first = consumer.beginningOffsets(List.of(places)).getOrDefault(places, 0L);
            long end = consumer.endOffsets(List.of(places)).getOrDefault(places, 0L);
            String found = "";
            long look = FIRST_LOOK;
            long from = end;
            while (found.isEmpty() && from > first) { // most offsets may be Kafka's own marks
                from = Math.max(first, end - look);
                found = last(consumer, places, from, end);
                look *= FIRST_LOOK;
            }
            return found;
        }
    }

    private static String last(
            KafkaConsumer<String, byte[]> consumer, TopicPartition places, long from, long end) {
        consumer.seek(places, from);
        String found = "";
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (consumer.position(places) < end) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                found = new String(record.value(), StandardCharsets.UTF_8);
            }
            if (System.nanoTime() - deadline > 0) {
                throw new KafkaException("the place in the log cannot be read in time");
            }
        }
        return found;
    }
}
