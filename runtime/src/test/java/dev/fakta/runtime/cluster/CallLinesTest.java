// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import dev.fakta.domain.Microsystem;
import dev.fakta.runtime.ClusterSettings;
import dev.fakta.runtime.ClusterTls;
import dev.fakta.runtime.Discovery;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Role;
import dev.fakta.runtime.Tally;
import dev.fakta.runtime.core.EventCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class CallLinesTest {

    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int PIECE = 1 << 20;

    @TempDir Path directory;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Side> sides = new ArrayList<>();

    /// One node's calls. It answers a question with the question.
    private final class Side {
        final Calls calls = new Calls();
        final Peer peer;
        final CallLines lines;

        Side(int number, @Nullable ClusterTls tls) throws IOException {
            this(number, number, tls);
        }

        Side(int number, long uid, @Nullable ClusterTls tls) throws IOException {
            peer = new Peer("127.0.0.1:" + number, uid);
            lines =
                    CallLines.open(
                            new ClusterSettings(
                                    "127.0.0.1",
                                    0,
                                    new Discovery.Named(List.of()),
                                    EnumSet.allOf(Role.class),
                                    tls),
                            peer,
                            calls,
                            this::echo,
                            threads);
            sides.add(this);
        }

        private void echo(Wire.Ask ask) {
            threads.execute(
                    () ->
                            lines.send(
                                    ask.from(),
                                    new CallFrame(CallFrame.ANSWER, ask.number(), ask.body())));
        }

        Wire.Hello hello() {
            return new Wire.Hello(peer.address(), peer.uid(), 0, lines.port(), true);
        }

        CompletableFuture<byte[]> ask(Peer other, byte[] body) {
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            long number = calls.open(other, answer);
            CallLine.Sent sent =
                    lines.send(other.address(), new CallFrame(CallFrame.ASK, number, body));
            if (sent != CallLine.Sent.YES) {
                answer.completeExceptionally(new IllegalStateException(sent.name()));
            }
            return answer;
        }

        boolean reaches(Side other) {
            return !ask(other.peer, new byte[0]).isCompletedExceptionally();
        }
    }

    private Side side(int number) throws IOException {
        return new Side(number, null);
    }

    private static void connect(Side one, Side other) {
        one.lines.hold(other.hello());
        other.lines.hold(one.hello());
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(SOON)
                .until(() -> one.reaches(other) && other.reaches(one));
    }

    @AfterEach
    void closeAll() {
        sides.forEach(side -> side.lines.close());
        threads.close();
    }

    @Test
    void many_questions_at_once_each_get_their_own_answer() throws Exception {
        Side one = side(1);
        Side other = side(2);
        connect(one, other);
        List<CompletableFuture<byte[]>> answers = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            answers.add(one.ask(other.peer, ByteBuffer.allocate(4).putInt(i).array()));
        }
        for (int i = 0; i < answers.size(); i++) {
            byte[] answer = answers.get(i).get(SOON.toSeconds(), TimeUnit.SECONDS);
            assertThat(ByteBuffer.wrap(answer).getInt()).isEqualTo(i);
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(one.calls.open()).isZero());
    }

    @Test
    void small_and_large_bodies_arrive_whole_side_by_side() throws Exception {
        Side one = side(1);
        Side other = side(2);
        connect(one, other);
        List<CompletableFuture<byte[]>> answers = new ArrayList<>();
        List<byte[]> bodies = new ArrayList<>();
        for (int size : new int[] {0, 1, 65_523, 65_524, 65_525, 3, 4 << 20, 2, 131_072}) {
            byte[] body = new byte[size];
            Arrays.fill(body, (byte) size);
            bodies.add(body);
            answers.add(one.ask(other.peer, body));
        }
        for (int i = 0; i < bodies.size(); i++) {
            assertThat(answers.get(i).get(SOON.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(bodies.get(i));
        }
        assertThat(one.ask(other.peer, new byte[CallFrame.LARGEST_BODY + 1]))
                .isCompletedExceptionally();
    }

    /// A node that takes connections and reads nothing, as one does that hangs.
    @Test
    void what_waits_for_a_node_that_hangs_is_bounded_and_ends_with_it() throws Exception {
        Side one = side(1);
        Peer hanging = new Peer("127.0.0.1:9", 9);
        List<CompletableFuture<byte[]>> open = new ArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            one.lines.hold(new Wire.Hello(hanging.address(), 9, 0, server.getLocalPort(), true));
            try (Socket _ = server.accept()) {
                await().atMost(SOON)
                        .until(() -> !one.ask(hanging, new byte[0]).isCompletedExceptionally());
                CompletableFuture<byte[]> last;
                do {
                    last = one.ask(hanging, new byte[PIECE]);
                    open.add(last);
                } while (!last.isCompletedExceptionally() && open.size() < 1_000);
                assertThat(last)
                        .failsWithin(SOON)
                        .withThrowableThat()
                        .withMessageContaining("FULL");
                assertThat((long) open.size() * PIECE)
                        .isBetween(CallLine.MOST_WAITING - 2L * PIECE, 3L * CallLine.MOST_WAITING);
                assertThat(open.getFirst()).isNotDone();
            }
        }
        for (CompletableFuture<byte[]> call : open.subList(0, open.size() - 1)) {
            assertThat(call)
                    .failsWithin(SOON)
                    .withThrowableThat()
                    .withCauseInstanceOf(Calls.LostException.class);
        }
        assertThat(one.ask(hanging, new byte[0])).isCompletedExceptionally();
    }

    @Test
    void a_line_that_breaks_ends_its_calls_and_the_next_hello_opens_another() throws Exception {
        Side one = side(1);
        Side other = side(2);
        connect(one, other);
        CompletableFuture<byte[]> unanswered = new CompletableFuture<>();
        one.calls.open(other.peer, unanswered);
        other.lines.forget(one.peer); // its answers' way: the question's is whole
        assertThatThrownBy(() -> unanswered.orTimeout(20, TimeUnit.SECONDS).join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(Calls.LostException.class);
        await().atMost(SOON)
                .until(
                        () -> {
                            other.lines.hold(one.hello());
                            return other.reaches(one);
                        });
    }

    @Test
    void a_node_that_has_come_again_at_its_address_is_reached() throws Exception {
        Side one = side(1);
        Side before = side(2);
        connect(one, before);
        before.lines.close();
        Side after = new Side(2, 22, null);
        connect(one, after);
        byte[] body = {7};
        assertThat(one.ask(after.peer, body).get(SOON.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(body);
    }

    /// The old line ends while the Hello of the node's next life comes, in any order of the two.
    @Test
    void the_first_hello_of_a_node_that_has_come_again_is_enough() throws Exception {
        Side one = side(1);
        Side before = side(2);
        connect(one, before);
        for (int life = 1; life <= 300; life++) {
            Side after = new Side(2, 1_000 + life, null);
            before.lines.close();
            LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(300_000));
            connect(one, after);
            before = after;
        }
    }

    @Test
    void who_is_no_node_or_sends_no_frames_is_cut_off() throws Exception {
        Side one = side(1);
        byte[] opening = ByteBuffer.allocate(15).putInt(CallLine.MAGIC).putLong(3).array();
        opening[13] = 1;
        opening[14] = 'x';
        byte[] huge = ByteBuffer.allocate(13).putInt(Integer.MAX_VALUE).array();
        byte[] negative = ByteBuffer.allocate(13).putInt(-1).array();
        byte[] unknown = ByteBuffer.allocate(13).putInt(9).put((byte) 3).array();
        assertCutOff(
                one, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), new byte[0]);
        assertCutOff(one, opening, huge);
        assertCutOff(one, opening, negative);
        assertCutOff(one, opening, unknown);
    }

    private static void assertCutOff(Side side, byte[] first, byte[] then) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), side.lines.port())) {
            socket.setSoTimeout(Math.toIntExact(SOON.toMillis()));
            socket.getOutputStream().write(first);
            socket.getOutputStream().write(then);
            int read;
            try {
                read = socket.getInputStream().read();
            } catch (SocketException _) {
                read = -1; // reset, as it has not read all
            }
            assertThat(read).isEqualTo(-1);
        }
    }

    @Test
    void with_tls_only_who_has_a_certificate_of_the_authority_and_the_name_gets_in()
            throws Exception {
        Certificates ours = Certificates.in(directory);
        Side one = new Side(1, ours.issue("one"));
        Side other = new Side(2, ours.issue("two"));
        connect(one, other);
        byte[] body = new byte[PIECE];
        assertThat(one.ask(other.peer, body).get(SOON.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(body);

        Side billing = new Side(3, ours.issue("billing", "-dname", "CN=billing"));
        Side naked = side(4);
        for (Side stranger : List.of(billing, naked)) {
            stranger.lines.hold(one.hello());
            one.lines.hold(stranger.hello());
            assertNeverAnswered(stranger, one);
            assertNeverAnswered(one, stranger);
        }
    }

    private static void assertNeverAnswered(Side from, Side to) {
        long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (System.nanoTime() < end) {
            CompletableFuture<byte[]> answer = from.ask(to.peer, new byte[] {1});
            assertThat(
                            answer.handle((_, failure) -> failure != null)
                                    .completeOnTimeout(true, 100, TimeUnit.MILLISECONDS)
                                    .join())
                    .isTrue();
        }
    }

    @Test
    void a_frame_that_claims_a_large_body_takes_no_memory_before_it_comes() throws IOException {
        CallFrame claimed = new CallFrame(CallFrame.ASK, 1, new byte[CallFrame.LARGEST_BODY]);
        ByteBuffer head = ByteBuffer.allocate(CallFrame.HEAD + 4);
        claimed.putHead(head);
        CallReader reader = new CallReader(new ByteArrayInputStream(head.array()));
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        List<CallFrame> frames = reader.next();
        long taken = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(frames).isEmpty();
        assertThat(taken).isLessThan(CallFrame.LARGEST_BODY / 4);
    }

    @Test
    void a_large_frame_arrives_whole_in_small_pieces() throws IOException {
        byte[] body = new byte[CallFrame.LARGEST_BODY];
        new Random(7).nextBytes(body);
        ByteBuffer bytes = ByteBuffer.allocate(2 * (CallFrame.HEAD + body.length));
        for (int i = 1; i <= 2; i++) {
            new CallFrame(CallFrame.ANSWER, i, body).putHead(bytes);
            bytes.put(body);
        }
        InputStream pieces =
                new ByteArrayInputStream(bytes.array()) {
                    @Override
                    public int read(byte[] into, int at, int most) {
                        return super.read(into, at, Math.min(most, 10_000));
                    }
                };
        CallReader reader = new CallReader(pieces);
        for (int i = 1; i <= 2; i++) {
            CallFrame frame = reader.next().getFirst();
            assertThat(frame.number()).isEqualTo(i);
            assertThat(Arrays.equals(frame.body(), body)).isTrue();
        }
        assertThat(reader.next()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, Integer.MAX_VALUE - 3, 14, -1, Integer.MIN_VALUE})
    void a_message_whose_head_is_longer_than_the_message_is_refused(int claimed) {
        Microsystems tallies = Microsystems.of(Microsystem.named("tallies").with(Tally.AGGREGATE));
        CallCodec codec = new CallCodec(tallies, new EventCodec(tallies).json());
        byte[] message = ByteBuffer.allocate(17).putInt(claimed).array();
        assertThatThrownBy(() -> codec.question(message))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a message of 17 bytes claims a head of ");
    }
}
