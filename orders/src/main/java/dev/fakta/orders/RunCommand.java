// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import dev.fakta.gateway.ServeOptions;
import dev.fakta.gateway.Served;
import dev.fakta.orders.demo.DemoFates;
import dev.fakta.orders.demo.DemoLoad;
import dev.fakta.orders.demo.DemoReport;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Serves the order management microsystem: on the embedded log, or as a node of a cluster.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Serves the order management microsystem.")
final class RunCommand implements Callable<Integer> {

    @Mixin private ServeOptions options;

    @Mixin private PaymentOptions payments;

    @Option(
            names = "--demo",
            description = "load the Steel Wheels orders through the HTTP API; implies --trusted")
    private boolean isDemo;

    @Option(names = "--train", hidden = true, description = "start, serve a few requests, stop")
    private boolean isTraining;

    @Override
    public Integer call() throws InterruptedException {
        if (isDemo || isTraining) {
            options.trust();
        }
        PaymentLink link = payments.open(options.data(), options.isAlone());
        Served served = start(link);
        link.served(served.uri());
        if (isTraining) {
            return train(served, link);
        }
        served.closeOnShutdown();
        served.exitWhenLost();
        System.out.println(served.readyLine());
        if (isDemo) {
            DemoReport report = DemoLoad.run(served.uri(), System.out);
            DemoFates.run(served.uri(), report.placed(), System.out);
        }
        new CountDownLatch(1).await(); // until the process is asked to stop
        return CommandLine.ExitCode.OK;
    }

    private Served start(PaymentLink link) {
        try {
            return Served.start(options, OrderManagement.served(link.payments()));
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    /// Serves what the demo asks for, so that a start-up cache knows the classes that this needs.
    private static int train(Served served, PaymentLink link) {
        try (link;
                served) {
            return DemoLoad.run(served.uri(), System.out).exitStatus();
        }
    }
}
