// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Reaction;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaInput;
import dev.fakta.gateway.Fakta;
import dev.fakta.gateway.Gateway;
import dev.fakta.gateway.GatewaySettings;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `./fakta saga` against a node with two parked sagas: one that is looked at, one that is retried.
class SagaCommandTest {

    private static final EventLog LOG = MemoryLog.create(2);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);
    private static Node node;
    private static Gateway gateway;

    record Say(String word) {}

    record Said(String word) {}

    private static final Aggregate<Say, Said, Integer> SPEAKER =
            Aggregate.named("speaker")
                    .taking(Say.class)
                    .startingAs(0)
                    .deciding((Integer _, Say say) -> Decision.accept(new Said(say.word())))
                    .evolving((Integer words, Said _) -> words + 1)
                    .event("speaker-said", Said.class);

    private static final Saga<Object, Integer> LISTENING =
            Saga.named("listening")
                    .startingAs(0)
                    .<Object>reacting((_, input, _) -> listen(input))
                    .evolving((Integer state, Object _) -> state)
                    .on(Said.class, (_, at) -> at.id());

    private static Reaction<Object> listen(SagaInput input) {
        throw new IllegalStateException("what a word: " + input.getClass().getSimpleName());
    }

    @BeforeAll
    static void open(@TempDir Path directory) {
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        Microsystem.named("speakers").with(SPEAKER).with(LISTENING),
                        LOG,
                        InstantSource.system());
        gateway = Gateway.start(node, GatewaySettings.onLoopback(0).trusting(), _ -> {});
        node.await(node.send(SPEAKER, "s1", new Say("odd"), Cause.fresh()));
        node.await(node.send(SPEAKER, "s2", new Say("odd"), Cause.fresh()));
        long start = System.nanoTime();
        while (!areParked() && System.nanoTime() - start < PATIENCE) {
            LockSupport.parkNanos(PATIENCE / 1_000);
        }
    }

    private static boolean areParked() {
        String parked = run("list", "--state", "parked");
        return parked.contains("listening/s1") && parked.contains("listening/s2");
    }

    @AfterAll
    static void close() {
        gateway.close();
        node.close();
        LOG.close();
    }

    private static String run(String... arguments) {
        StringWriter printed = new StringWriter();
        CommandLine line = Fakta.commandLine(new SagaCommand());
        line.setOut(new PrintWriter(printed)).setErr(new PrintWriter(printed));
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--url";
        all[arguments.length + 1] = "http://127.0.0.1:" + gateway.port();
        int status = line.execute(all);
        return status + " " + printed;
    }

    @Test
    void what_is_parked_is_listed_with_its_reason() {
        assertThat(run("list", "--state", "parked"))
                .startsWith("0 ")
                .contains("listening/s1", "parked", "what a word: Happened");
        assertThat(run("list", "--state", "stuck")).doesNotContain("listening/s1");
    }

    @Test
    void an_act_goes_to_the_saga_and_is_recorded_with_its_actor() {
        assertThat(run("retry", "listening/s2", "--reason", "better now", "--actor", "ann"))
                .isEqualTo("0 listening/s2 is live" + System.lineSeparator());
        assertThat(node.events(LISTENING.aggregate(), "s2", 1, 10))
                .filteredOn(recorded -> recorded.name().equals("saga-retried"))
                .singleElement()
                .extracting(recorded -> recorded.at().actor())
                .isEqualTo("ann");
    }

    @Test
    void what_is_refused_is_said_in_one_line() {
        assertThat(run("skip", "listening/none", "--reason", "r"))
                .isEqualTo("1 fakta: 404: saga listening none" + System.lineSeparator());
        assertThat(run("skip", "listening", "--reason", "r")).startsWith("2 ");
    }
}
