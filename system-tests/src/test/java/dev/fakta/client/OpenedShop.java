// SPDX-License-Identifier: Apache-2.0
package dev.fakta.client;

import dev.fakta.gateway.Authenticator.Credentials;
import dev.fakta.gateway.Authenticator.Verdict;
import dev.fakta.gateway.Caller;
import dev.fakta.gateway.CallerRole;
import dev.fakta.gateway.Gateway;
import dev.fakta.gateway.GatewaySettings;
import dev.fakta.gateway.ServedMicrosystem;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogDirectory;
import dev.fakta.log.SegmentLogSettings;
import dev.fakta.orders.OrderManagement;
import dev.fakta.orders.order.OrderRules;
import dev.fakta.orders.payments.PaymentsMicrosystem;
import dev.fakta.orders.payments.SealedTokens;
import dev.fakta.orders.payments.provider.HttpProvider;
import dev.fakta.orders.payments.provider.HttpProviderSettings;
import dev.fakta.orders.payments.provider.Pace;
import dev.fakta.orders.payments.provider.ProviderWebhooks;
import dev.fakta.orders.payments.provider.WebhookSecret;
import dev.fakta.orders.payments.sandbox.Sandbox;
import dev.fakta.orders.payments.sandbox.SandboxSettings;
import dev.fakta.orders.tasks.StalledSweep;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/// The whole of order management on a free port of this machine, with its sagas and a payment
/// provider: an order that is placed is paid, allocated and shipped as in a real shop. It knows two
/// callers, the shop's people and the customer Ada.
final class OpenedShop implements AutoCloseable {

    static final String STAFF_KEY = "key-of-the-staff";
    static final String CUSTOMER = "ada";
    static final String CUSTOMER_KEY = "key-of-ada";

    private final Sandbox sandbox;
    private final HttpProvider provider;
    private final EventLog log;
    private final Node node;
    private final Gateway gateway;

    OpenedShop(Path folder) {
        WebhookSecret secret = WebhookSecret.of(WebhookSecret.generate());
        sandbox =
                Sandbox.start(
                        SandboxSettings.of(folder.resolve("ledger.jsonl"), secret),
                        InstantSource.system());
        provider = new HttpProvider(HttpProviderSettings.of(sandbox.uri()));
        List<ServedMicrosystem> served = served(provider, secret);
        Microsystems all =
                new Microsystems(served.stream().map(ServedMicrosystem::definition).toList());
        log =
                LogDirectory.open(
                        folder.resolve("log"), all.streams(), SegmentLogSettings.defaults());
        node = Node.start(NodeSettings.embedded(folder), all, log, InstantSource.system());
        gateway =
                Gateway.start(
                        node,
                        GatewaySettings.onLoopback(0).authenticating((given, _) -> caller(given)),
                        http -> served.forEach(one -> one.routes().accept(http)));
        sandbox.deliverTo(URI.create(url()).resolve(ProviderWebhooks.PATH));
    }

    private static List<ServedMicrosystem> served(HttpProvider provider, WebhookSecret secret) {
        SealedTokens tokens = SealedTokens.ofThisProcess();
        return OrderManagement.served(
                new ServedMicrosystem(
                        PaymentsMicrosystem.asking(provider, Pace.calm(), tokens),
                        http -> {
                            PaymentsMicrosystem.routes(http);
                            PaymentsMicrosystem.webhooks(http, secret);
                        }),
                OrderRules.plain(),
                tokens,
                StalledSweep.AFTER);
    }

    private static Verdict caller(Credentials given) {
        if (STAFF_KEY.equals(given.bearer())) {
            return new Verdict.Known(Caller.named("staff", CallerRole.STAFF));
        }
        return CUSTOMER_KEY.equals(given.bearer())
                ? new Verdict.Known(Caller.named(CUSTOMER, CallerRole.CUSTOMER))
                : new Verdict.OfAnotherKind();
    }

    String url() {
        return "http://127.0.0.1:" + gateway.port();
    }

    @Override
    public void close() {
        gateway.close();
        node.close();
        log.close();
        provider.close();
        sandbox.close();
    }
}
