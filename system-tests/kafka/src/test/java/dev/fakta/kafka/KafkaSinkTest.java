// SPDX-License-Identifier: Apache-2.0
package dev.fakta.kafka;

import static dev.fakta.domain.Decision.accept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Subscription;
import dev.fakta.kafka.broker.LocalBroker;
import dev.fakta.log.EventLog;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeException;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.SagaRow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Events of a node go to a real broker, which is killed meanwhile.
class KafkaSinkTest {

    record Write(String text) {}

    record NoteWritten(String text) {}

    private static final Aggregate<Write, NoteWritten, Integer> NOTES =
            Aggregate.named("note")
                    .taking(Write.class)
                    .startingAs(0)
                    .deciding((_, write) -> accept(new NoteWritten(write.text())))
                    .evolving((count, _) -> count + 1)
                    .event("note-written", NoteWritten.class);

    private static final Duration SOON = Duration.ofSeconds(120);
    private static final int PARTITIONS = 3;
    private static final int KILLS = Boolean.getBoolean("fakta.long") ? 20 : 1;

    @TempDir static Path brokerDirectory;
    @TempDir Path directory;
    private static LocalBroker broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = LocalBroker.start(brokerDirectory);
    }

    @AfterAll
    static void endBroker() {
        broker.close();
    }

    // region subscription
    static Subscription toKafka(String brokers) {
        return KafkaSink.subscription(
                "to-kafka", KafkaSettings.of(brokers).withPrefix("shop").withPartitions(3));
    }

    // endregion

    /// A node of one microsystem, whose topic has its name.
    private final class Notes implements AutoCloseable {
        private final EventLog log;
        private final Node node;
        private final Subscription subscription;

        Notes(String name) {
            KafkaSettings settings =
                    KafkaSettings.of(broker.address())
                            .withPartitions(PARTITIONS)
                            .with("delivery.timeout.ms", "11000");
            subscription = KafkaSink.subscription("kafka-" + name, settings);
            log = SegmentLog.open(directory.resolve("log"), SegmentLogSettings.defaults());
            node =
                    Node.start(
                            NodeSettings.embedded(directory.resolve("views")),
                            Microsystem.named(name).with(NOTES).with(subscription),
                            log,
                            InstantSource.system());
        }

        String write(String id, String text) {
            Cause cause = Cause.of(UUID.randomUUID(), 0, "ada");
            assertThat(node.await(node.send(NOTES, id, new Write(text), cause)))
                    .isInstanceOf(Reply.Accepted.class);
            return "note/" + id + " {\"text\":\"" + text + "\"}";
        }

        List<String> writeMany(int from, int to) {
            List<String> many = new ArrayList<>();
            for (int i = from; i <= to; i++) {
                many.add(write("n" + i % 5, "t" + i));
            }
            return many;
        }

        List<SagaRow> setAside() {
            try {
                return node.setAside(subscription, null, "", 10);
            } catch (NodeException _) { // it has not run yet
                return List.of();
            }
        }

        @Override
        public void close() {
            node.close();
            log.close();
        }
    }

    /// All that is committed of a topic.
    private static List<ConsumerRecord<String, String>> consumed(String topic) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker.address());
        settings.put("isolation.level", "read_committed");
        settings.put("key.deserializer", StringDeserializer.class);
        settings.put("value.deserializer", StringDeserializer.class);
        List<ConsumerRecord<String, String>> all = new ArrayList<>();
        try (var consumer = new KafkaConsumer<String, String>(settings)) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(one -> new TopicPartition(topic, one.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(all::add);
            }
        }
        return all;
    }

    private static List<String> texts(String topic) {
        return consumed(topic).stream().map(one -> one.key() + " " + one.value()).toList();
    }

    private static void awaitAll(String topic, List<String> expected) {
        await().atMost(SOON)
                .ignoreExceptions() // the topic or the broker is not there yet
                .until(() -> texts(topic).size() >= expected.size());
        assertThat(texts(topic)).containsExactlyInAnyOrderElementsOf(expected);
        for (int note = 0; note < 5; note++) {
            String key = "note/n" + note + " ";
            assertThat(texts(topic).stream().filter(one -> one.startsWith(key)))
                    .containsExactlyElementsOf(
                            expected.stream().filter(one -> one.startsWith(key)).toList());
        }
    }

    @Test
    void each_event_is_there_once_though_the_broker_and_the_node_end_in_between() throws Exception {
        List<String> expected = new ArrayList<>();
        try (Notes notes = new Notes("killed")) {
            for (int round = 0; round < KILLS; round++) {
                expected.addAll(notes.writeMany(round * 60 + 1, round * 60 + 30));
                broker.kill();
                expected.addAll(notes.writeMany(round * 60 + 31, round * 60 + 60));
                broker.startAgain();
                awaitAll("fakta.killed", expected);
            }
        }
        try (Notes again = new Notes("killed")) {
            expected.addAll(again.writeMany(KILLS * 60 + 1, KILLS * 60 + 20));
            awaitAll("fakta.killed", expected);
        }
    }

    @Test
    void a_record_is_a_cloud_event_in_binary_mode() {
        try (Notes notes = new Notes("described")) {
            notes.write("n1", "grüß");
            awaitAll("fakta.described", List.of("note/n1 {\"text\":\"grüß\"}"));
            ConsumerRecord<String, String> record = consumed("fakta.described").getFirst();
            Map<String, String> headers = new HashMap<>();
            for (Header header : record.headers()) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
            assertThat(headers)
                    .containsEntry("content-type", "application/json")
                    .containsEntry("ce_specversion", "1.0")
                    .containsEntry("ce_source", "/described")
                    .containsEntry("ce_type", "note-written")
                    .containsEntry("ce_subject", "note/n1")
                    .containsEntry("ce_revision", "1")
                    .containsEntry("ce_actor", "ada")
                    .containsKeys("ce_id", "ce_time", "ce_commandid", "ce_position");
        }
    }

    @Test
    void an_event_that_is_too_large_for_the_broker_is_set_aside_and_others_go_on() {
        try (Notes notes = new Notes("large")) {
            notes.write("n1", "x".repeat(2_000_000)); // the broker's bound is 1 MiB
            notes.write("n1", "behind it");
            awaitAll("fakta.large", notes.writeMany(2, 5)); // n0, n2, n3, n4
            await().atMost(SOON).until(() -> !notes.setAside().isEmpty());
            assertThat(notes.setAside())
                    .singleElement()
                    .satisfies(
                            row -> {
                                assertThat(row.id()).isEqualTo("note:n1");
                                assertThat(row.reason())
                                        .isEqualTo("it is larger than the topic takes");
                            });
        }
    }

    @Test
    void topics_have_the_names_that_the_settings_say() {
        assertThat(toKafka("a:9092").name()).isEqualTo("to-kafka");
        KafkaSettings settings = KafkaSettings.of("a:9092").withPrefix("shop");
        assertThat(settings.topic("orders")).isEqualTo("shop.orders");
        assertThat(settings.positionsTopic("to-kafka")).isEqualTo("shop.positions.to-kafka");
    }

    @Test
    void settings_that_cannot_be_are_refused_and_passwords_are_not_shown() {
        assertThatIllegalArgumentException().isThrownBy(() -> KafkaSettings.of(" "));
        KafkaSettings settings = KafkaSettings.of("a:9092");
        assertThatIllegalArgumentException().isThrownBy(() -> settings.withPrefix("a/b"));
        assertThatIllegalArgumentException().isThrownBy(() -> settings.withPartitions(0));
        assertThat(settings.with("sasl.jaas.config", "password=s3cret"))
                .asString()
                .contains("sasl.jaas.config")
                .doesNotContain("s3cret");
    }
}
