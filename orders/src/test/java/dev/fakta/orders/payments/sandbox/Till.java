// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Retry;
import dev.fakta.domain.SagaState;
import dev.fakta.gateway.Gateway;
import dev.fakta.gateway.GatewaySettings;
import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.Payment;
import dev.fakta.orders.payments.PaymentsMicrosystem;
import dev.fakta.orders.payments.SealedTokens;
import dev.fakta.orders.payments.provider.HttpProvider;
import dev.fakta.orders.payments.provider.HttpProviderSettings;
import dev.fakta.orders.payments.provider.Pace;
import dev.fakta.orders.payments.provider.ProviderNotice;
import dev.fakta.orders.payments.provider.ProviderWebhooks;
import dev.fakta.orders.payments.provider.WebhookSecret;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Recorded;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.SagaRow;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The payments microsystem on its log, with its gateway, and the sandbox that it asks: all of it
/// real, on one machine, and in more of a hurry than in production.
final class Till implements AutoCloseable {

    static final String OPERATIONS = "operation-clock";
    static final String NOTICES = "notice-clock";

    static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration HANG = Duration.ofSeconds(2);
    private static final Duration LATE = Duration.ofMillis(300);

    /// For tests whose provider keeps answers back: then an answer that is only slow is lost too.
    private static final Duration HURRIED = Duration.ofMillis(500);

    private static final Pace HURRY =
            new Pace(
                    Duration.ofMillis(50),
                    Retry.times(40).pausing(Duration.ofMillis(50), Duration.ofMillis(500)));

    final WebhookSecret secret = WebhookSecret.of(WebhookSecret.generate());
    private final Path directory;
    private final Pace pace;
    private final boolean hasWebhooks;
    private Sandbox sandbox;
    private final HttpProvider provider;
    private final EventLog log;
    private final Node node;
    private final Gateway gateway;

    private Till(
            Path directory,
            Misbehaviours misbehaviours,
            Pace pace,
            Duration answerWithin,
            boolean hasWebhooks) {
        this.directory = directory;
        this.pace = pace;
        this.hasWebhooks = hasWebhooks;
        this.sandbox = sandbox(0, misbehaviours);
        this.provider =
                new HttpProvider(
                        HttpProviderSettings.of(sandbox.uri()).answeringWithin(answerWithin));
        this.log = SegmentLog.open(directory.resolve("log"), SegmentLogSettings.defaults());
        this.node =
                Node.start(
                        NodeSettings.embedded(directory.resolve("views")),
                        PaymentsMicrosystem.asking(
                                provider, this.pace, SealedTokens.ofThisProcess()),
                        log,
                        InstantSource.system());
        this.gateway =
                Gateway.start(
                        node,
                        GatewaySettings.onLoopback(0).trusting(),
                        http -> PaymentsMicrosystem.webhooks(http, secret));
        tellSandbox();
    }

    static Till open(Path directory) {
        return new Till(directory, Misbehaviours.NONE, HURRY, SOON, true);
    }

    static Till misbehaving(Path directory, Misbehaviours how) {
        return new Till(directory, how, HURRY, HURRIED, true);
    }

    /// Whose provider sends no webhooks.
    static Till deaf(Path directory) {
        return new Till(directory, Misbehaviours.NONE, HURRY, SOON, false);
    }

    /// Whose provider sends no webhooks, and which does not wait long for an answer.
    static Till hurried(Path directory) {
        return new Till(directory, Misbehaviours.NONE, HURRY, HURRIED, false);
    }

    /// That gives up after so many attempts.
    static Till impatient(Path directory, int attempts) {
        Retry few = Retry.times(attempts).pausing(Duration.ofMillis(20), Duration.ofMillis(20));
        Pace pace = new Pace(Duration.ofMillis(20), few);
        return new Till(directory, Misbehaviours.NONE, pace, SOON, false);
    }

    private Sandbox sandbox(int port, Misbehaviours misbehaviours) {
        return Sandbox.start(
                SandboxSettings.of(directory.resolve("ledger.jsonl"), secret)
                        .onPort(port)
                        .timed(HANG, LATE, Duration.ofDays(7))
                        .misbehaving(misbehaviours),
                InstantSource.system());
    }

    private void tellSandbox() {
        if (hasWebhooks) {
            sandbox.deliverTo(webhooks());
        }
    }

    /// As if its process had been killed.
    void killSandbox() {
        sandbox.close();
    }

    void restartSandbox() {
        int port = sandbox.uri().getPort();
        sandbox.close();
        sandbox = sandbox(port, Misbehaviours.NONE);
        tellSandbox();
    }

    void behave() {
        misbehave(Misbehaviours.NONE);
    }

    void misbehave(Misbehaviours how) {
        sandbox.misbehave(how);
    }

    /// An operator has a stuck operation retried.
    ///
    /// @param alarm as it is listed
    void retry(String alarm) {
        assertThat(node.ring(clock(OPERATIONS), alarm, Cause.fresh()))
                .isInstanceOf(Reply.Accepted.class);
    }

    /// An operator says that nothing is to be made of a notice.
    void dismiss(String notice) {
        var dismissal = new ProviderNotice.Command.Dismiss("the bank was wrong");
        assertThat(
                        node.await(
                                node.send(
                                        ProviderNotice.AGGREGATE,
                                        notice,
                                        dismissal,
                                        Cause.fresh())))
                .isInstanceOf(Reply.Accepted.class);
    }

    private AlarmClock clock(String name) {
        return node.microsystems().clocks().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// How many webhooks about a payment were taken.
    long noticesOf(String payment) {
        long count = 0;
        Positions until = log.heads();
        try (LogReader reader = log.reader(Positions.start(log.partitions()))) {
            while (!reader.positions().covers(until)) {
                for (LogRecord record : reader.next(1_000, SOON)) {
                    boolean isIt =
                            record instanceof EventRecord event
                                    && event.event().name().equals("provider-notice-received")
                                    && new String(event.event().payload(), StandardCharsets.UTF_8)
                                            .contains("\"payment\":\"" + payment + "\"");
                    count += isIt ? 1 : 0;
                }
            }
        }
        return count;
    }

    URI webhooks() {
        return URI.create("http://127.0.0.1:" + gateway.port() + ProviderWebhooks.PATH);
    }

    Reply<Payment> send(String payment, Payment.Command command) {
        return node.await(node.send(Payment.AGGREGATE, payment, command, Cause.fresh()));
    }

    void accept(String payment, Payment.Command command) {
        assertThat(send(payment, command)).as("%s", command).isInstanceOf(Reply.Accepted.class);
    }

    void authorize(String payment, long minor, String token) {
        Money amount = Money.of(minor, "EUR");
        accept(
                payment,
                new Payment.Command.RequestAuthorization(
                        "order-" + payment, amount, amount, "card", token));
    }

    Payment payment(String id) {
        return node.state(Payment.AGGREGATE, id).state();
    }

    Operation.@Nullable Status status(String payment, Kind kind, int number) {
        Operation operation = payment(payment).operation(kind, number);
        return operation == null ? null : operation.status();
    }

    void awaitStatus(String payment, Kind kind, int number, Operation.Status status) {
        await().pollDelay(Duration.ZERO)
                .atMost(SOON)
                .untilAsserted(() -> assertThat(status(payment, kind, number)).isEqualTo(status));
    }

    List<String> facts(String payment) {
        return node.events(Payment.AGGREGATE, payment, 1, 1_000).stream()
                .map(Recorded::name)
                .toList();
    }

    long revision(Aggregate<?, ?, ?> aggregate, String id) {
        return node.state(aggregate, id).revision();
    }

    Account.Sums ledger(String payment) {
        return LedgerReader.read(URI.create(sandbox.uri() + "/ledger?payment=" + payment))
                .getFirst();
    }

    int ledgerEntries(String payment) {
        return LedgerReader.read(URI.create(sandbox.uri() + "/ledger?payment=" + payment)).size();
    }

    /// What operators see of a clock's alarms.
    List<SagaRow> alarms(String clock, SagaState.@Nullable Status status) {
        return node.alarms(clock(clock), status, "", 1_000);
    }

    @Override
    public void close() {
        sandbox.close();
        gateway.close();
        node.close();
        log.close();
        provider.close();
    }
}
