// SPDX-License-Identifier: Apache-2.0
package dev.fakta.kafka;

import dev.fakta.domain.EventSink;
import dev.fakta.domain.RecordedEvent;
import dev.fakta.domain.RefusedEventException;
import dev.fakta.domain.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the events of a subscription to Kafka, each exactly once for consumers that read what is
/// committed (`isolation.level=read_committed`).
///
/// Each batch is a transaction: the events, and the place in the log behind them, which goes to a
/// topic that only this subscription writes to. The transactional id follows from the
/// subscription's name, so that opening a sink ends what an earlier one has left, and fences it;
/// then the place that was committed last is read. A topic for each microsystem; the key is the
/// event's stream, so that a stream's events stay in their order; the value is the JSON as it was
/// recorded, and CloudEvents' attributes are headers ([CloudEventHeaders]).
///
/// An event that is larger than the topic takes is refused, see [EventSink].
public final class KafkaSink implements EventSink {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaSink.class);
    private static final int LARGEST_BATCH = 2_000;
    private static final String LARGEST_REQUEST = Integer.toString(8 << 20);
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final KafkaSettings settings;
    private final String subscription;
    private final KafkaTopics topics;
    private final KafkaProducer<String, byte[]> producer;
    private final Set<String> known = new HashSet<>();
    private final String position;

    private KafkaSink(KafkaSettings settings, String subscription) {
        this.settings = settings;
        this.subscription = subscription;
        this.topics = new KafkaTopics(settings);
        topics.makePositions(subscription);
        this.producer = new KafkaProducer<>(producerSettings(settings, subscription));
        try {
            producer.initTransactions();
            this.position = topics.position(subscription);
        } catch (RuntimeException e) {
            end();
            throw e;
        }
    }

    /// A subscription that sends everything to Kafka: narrow it by [Subscription#of], say.
    ///
    /// @param name of the subscription, by which Kafka knows it too: two programs that send to one
    ///   cluster have different ones
    public static Subscription subscription(String name, KafkaSettings settings) {
        return Subscription.named(name).to(() -> open(name, settings));
    }

    /// Opens a sink. Waits for the brokers, some seconds at most.
    ///
    /// @param subscription the name under which Kafka keeps the place
    /// @throws KafkaException when no broker answers, or they refuse
    public static KafkaSink open(String subscription, KafkaSettings settings) {
        return new KafkaSink(settings, subscription);
    }

    private static Map<String, Object> producerSettings(
            KafkaSettings settings, String subscription) {
        Map<String, Object> all = new HashMap<>();
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "10000");
        all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000");
        all.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "5000"); // a line of the log each
        all.put(ProducerConfig.LINGER_MS_CONFIG, "5");
        all.put(ProducerConfig.BATCH_SIZE_CONFIG, "131072");
        all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
        all.putAll(settings.client());
        all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.brokers());
        all.put(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                settings.prefix() + ".subscription." + subscription);
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return all;
    }

    @Override
    public Optional<String> position() {
        return position.isEmpty() ? Optional.empty() : Optional.of(position);
    }

    @Override
    public int largestBatch() {
        return LARGEST_BATCH;
    }

    @Override
    public void take(List<RecordedEvent> events, Supplier<String> upTo)
            throws RefusedEventException, InterruptedException {
        for (RecordedEvent each : events) {
            if (known.add(each.microsystem())) {
                topics.make(each.microsystem());
            }
        }
        List<Future<RecordMetadata>> sent = new ArrayList<>(events.size());
        try {
            producer.beginTransaction();
            for (RecordedEvent each : events) {
                sent.add(send(each));
            }
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    settings.positionsTopic(subscription),
                                    subscription,
                                    KafkaTopics.bytes(upTo.get())));
            producer.commitTransaction();
        } catch (InterruptException _) {
            throw new InterruptedException();
        } catch (KafkaException e) {
            for (int i = 0; i < sent.size(); i++) {
                if (isTooLarge(sent.get(i))) {
                    abort();
                    throw new RefusedEventException(
                            events.get(i), "it is larger than the topic takes");
                }
            }
            throw e;
        }
    }

    /// When it cannot be aborted, the next transaction cannot begin either: then another sink is
    /// opened.
    private void abort() {
        try {
            producer.abortTransaction();
        } catch (KafkaException e) {
            LOG.debug("a transaction of {} cannot be aborted", subscription, e);
        }
    }

    private Future<RecordMetadata> send(RecordedEvent event) {
        return producer.send(
                new ProducerRecord<>(
                        settings.topic(event.microsystem()),
                        null,
                        event.at().time().toEpochMilli(),
                        event.stream(),
                        event.json(),
                        CloudEventHeaders.of(event)));
    }

    private static boolean isTooLarge(Future<RecordMetadata> sent) {
        return sent.state() == Future.State.FAILED
                && sent.exceptionNow() instanceof RecordTooLargeException;
    }

    private void end() {
        try {
            producer.close(LONGEST_END);
        } catch (KafkaException e) {
            LOG.debug("the producer of {} is given up", subscription, e);
        }
    }

    /// A transaction that is open is aborted by whoever opens the next sink, or by the brokers.
    @Override
    public void close() {
        end();
    }
}
