// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.HybridTime;
import dev.fakta.log.MemoryLog;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Versioned;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a client has seen of a node whose clock is an hour ahead, and sends with a command to a
/// node whose clock is right.
final class TokenTimeTest {

    private static final String SEEN = "seen";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir Path directory;
    private final EventLog log = MemoryLog.create(8);

    @AfterEach
    void close() {
        log.close();
    }

    private Node node(Duration ahead) {
        return Node.start(
                NodeSettings.embedded(directory.resolve(ahead.toString())),
                Everything.MICROSYSTEM,
                log,
                InstantSource.offset(InstantSource.system(), ahead));
    }

    /// What the node that is ahead has answered.
    private Versioned<Everything> seen() {
        var fill =
                new Everything.Command.Fill(
                        null, null, null, null, null, null, null, null, null, null, null, null);
        try (Node ahead = node(HOUR)) {
            var reply = ahead.await(ahead.send(Everything.AGGREGATE, SEEN, fill, Cause.fresh()));
            assertThat(reply).isInstanceOf(Reply.Accepted.class);
            return ((Reply.Accepted<Everything>) reply).aggregate();
        }
    }

    /// The time of the event that a command with this token leads to, in a partition that the other
    /// node has not written to.
    private long recordedWith(Token token) throws Exception {
        String id =
                IntStream.iterate(0, i -> i + 1)
                        .mapToObj(i -> "e" + i)
                        .filter(one -> partition(one) != partition(SEEN))
                        .findFirst()
                        .orElseThrow();
        try (Node right = node(Duration.ZERO);
                Gateway gateway =
                        Gateway.start(
                                right,
                                GatewaySettings.onLoopback(0).trusting(),
                                Everything::routes);
                HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + gateway.port() + "/everything/" + id);
            HttpRequest request =
                    HttpRequest.newBuilder(uri)
                            .timeout(PATIENCE)
                            .header("Fakta-Token", token.toString())
                            .PUT(BodyPublishers.ofString("{}"))
                            .build();
            var answer = client.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
        EventRecord recorded = log.readStream("everything/" + id, 1, 1).getFirst();
        return recorded.time();
    }

    private int partition(String id) {
        return log.partitionOf("everything/" + id);
    }

    private static Instant soon() {
        return InstantSource.system().instant().plus(HOUR.dividedBy(2));
    }

    @Test
    void what_a_client_makes_of_a_record_that_is_ahead_is_recorded_with_a_later_time()
            throws Exception {
        Versioned<Everything> cause = seen();
        assertThat(HybridTime.instant(cause.time())).isAfter(soon());
        assertThat(recordedWith(Token.NONE.after(cause))).isGreaterThan(cause.time());
    }

    @Test
    void a_token_is_not_believed_beyond_the_records_that_it_names() throws Exception {
        Versioned<Everything> cause = seen();
        long invented = HybridTime.of(HybridTime.instant(cause.time()).plus(HOUR));
        long recorded = recordedWith(new Token(cause.seen(), invented));
        assertThat(recorded).isGreaterThan(cause.time()).isLessThan(invented);
    }

    @Test
    void a_time_that_no_record_has_sets_no_clock() throws Exception {
        Versioned<Everything> cause = seen();
        Positions nothing = Positions.of(partition(SEEN), 1_000_000_000_000L);
        long recorded = recordedWith(new Token(nothing, cause.time()));
        assertThat(HybridTime.instant(recorded)).isBefore(soon());
    }
}
