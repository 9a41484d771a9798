// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.gateway.ServeOptions;
import dev.fakta.gateway.Served;
import dev.fakta.orders.demo.DemoFates;
import dev.fakta.orders.demo.DemoLoad;
import dev.fakta.orders.demo.DemoReport;
import dev.fakta.orders.demo.TrainingShop;
import dev.fakta.orders.payments.SealedTokens;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Serves the order management microsystem: on the embedded log, or as a node of a cluster.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Serves the order management microsystem.")
final class RunCommand implements Callable<Integer> {

    @Mixin private ServeOptions options;

    @Mixin private PaymentOptions payments;

    @Mixin private TokenOptions tokens;

    @Mixin private RuleOptions rules;

    @Mixin private KafkaOptions kafka;

    @Option(
            names = "--demo",
            description = "load the Steel Wheels orders through the HTTP API; implies --trusted")
    private boolean isDemo;

    @Option(
            names = "--stalled-after",
            paramLabel = "DAYS",
            description =
                    "tell people of an order that nothing has happened to for so long, though nobody is waited for (default: ${DEFAULT-VALUE})",
            defaultValue = "7")
    private int stalledAfter;

    @Spec private CommandSpec spec;

    @Option(
            names = "--train",
            hidden = true,
            paramLabel = "SECONDS",
            description = "start, do for so long what a shop does, stop")
    private int trainSeconds;

    @Override
    public Integer call() throws InterruptedException {
        if (isDemo || trainSeconds > 0) {
            options.trust();
        }
        Duration stalled = stalledAfter();
        PaymentLink link = payments.open(options.data(), options.isAlone());
        Served served = start(link, stalled);
        link.served(served.uri());
        if (trainSeconds > 0) {
            return train(served, link);
        }
        served.closeOnShutdown();
        served.exitWhenLost();
        served.announce(System.out);
        if (isDemo) {
            DemoReport report = DemoLoad.run(served.uri(), System.out);
            DemoFates.run(served.uri(), report.placed(), System.out);
            System.out.printf(
                    "open: a demo has no keys, so whoever reaches %s from this machine may do everything%n",
                    served.uri());
        }
        new CountDownLatch(1).await(); // until the process is asked to stop
        return CommandLine.ExitCode.OK;
    }

    private Duration stalledAfter() {
        if (stalledAfter < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--stalled-after: 1 day or more, not " + stalledAfter);
        }
        return Duration.ofDays(stalledAfter);
    }

    private Served start(PaymentLink link, Duration stalled) {
        try {
            SealedTokens sealed = tokens.open(options, System.getenv(TokenOptions.KEY));
            return Served.start(
                    options,
                    kafka.with(
                            OrderManagement.served(
                                    link.payments(sealed), rules.rules(), sealed, stalled)));
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    /// Serves a shop for a while, so that a start-up cache knows the classes that this needs, and
    /// what they do most.
    private int train(Served served, PaymentLink link) {
        try (link;
                served) {
            Duration time = Duration.ofSeconds(trainSeconds);
            return TrainingShop.run(served.uri(), time, InstantSource.system(), System.out)
                            .isEnough()
                    ? CommandLine.ExitCode.OK
                    : CommandLine.ExitCode.SOFTWARE;
        }
    }
}
