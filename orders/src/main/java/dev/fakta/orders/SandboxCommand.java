// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.orders.payments.provider.WebhookSecret;
import dev.fakta.orders.payments.sandbox.Misbehaviours;
import dev.fakta.orders.payments.sandbox.Sandbox;
import dev.fakta.orders.payments.sandbox.SandboxSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs the sandbox payment provider alone, for systems that are tested against it.
@Command(
        name = "sandbox",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the sandbox payment provider: no real money is moved.",
            "It listens on loopback, and says 'ready URL pid=PID'."
        })
final class SandboxCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "HTTP port; 0 picks a free one (default: ${DEFAULT-VALUE})",
            defaultValue = "8090")
    private int port;

    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            description = "where its ledger is kept (default: ${DEFAULT-VALUE})",
            defaultValue = "data/sandbox/ledger.jsonl")
    private Path ledger;

    @Option(
            names = "--webhooks",
            paramLabel = "URL",
            split = ",",
            description = "where its webhooks go, and where else when that one does not take them")
    private @Nullable List<URI> webhooks;

    @Option(
            names = "--webhook-secret-file",
            paramLabel = "FILE",
            description =
                    "what its webhooks are signed with (default: the environment's "
                            + PaymentOptions.SECRET
                            + ")")
    private @Nullable Path secretFile;

    @Option(
            names = "--misbehave",
            paramLabel = "NAME=PROBABILITY",
            description =
                    "decline, timeout-after, timeout-before, error-after, error-before, duplicate-webhook, late-webhook; several with commas",
            defaultValue = "")
    private String misbehaviours;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "of its dice (default: ${DEFAULT-VALUE})",
            defaultValue = "1")
    private long seed;

    @Override
    public Integer call() throws InterruptedException {
        WebhookSecret given =
                PaymentOptions.secret(secretFile, System.getenv(PaymentOptions.SECRET), spec);
        if (given == null && webhooks != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--webhooks: a secret is needed, from %s in the environment or --webhook-secret-file"
                            .formatted(PaymentOptions.SECRET));
        }
        WebhookSecret secret = given == null ? unknownSecret() : given;
        Sandbox sandbox = Sandbox.start(settings(secret), InstantSource.system());
        if (webhooks != null) {
            sandbox.deliverTo(webhooks);
        }
        System.out.println("ready " + sandbox.uri() + " pid=" + ProcessHandle.current().pid());
        new CountDownLatch(1).await(); // until the process is asked to stop
        return CommandLine.ExitCode.OK;
    }

    /// Nobody is told anything, so that nobody needs to know it.
    private static WebhookSecret unknownSecret() {
        return WebhookSecret.of(WebhookSecret.generate());
    }

    private SandboxSettings settings(WebhookSecret secret) {
        try {
            return SandboxSettings.of(ledger, secret)
                    .onPort(port)
                    .misbehaving(Misbehaviours.parse(misbehaviours, seed));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
