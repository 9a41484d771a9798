// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.provider.Answer;
import dev.fakta.orders.payments.provider.HttpProvider;
import dev.fakta.orders.payments.provider.HttpProviderSettings;
import dev.fakta.orders.payments.provider.WebhookSecret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The adapter against the sandbox, over real HTTP: what each of them promises, and each way in
/// which a provider misbehaves.
class HttpProviderTest {

    /// Beyond what a busy machine takes for an answer.
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);

    /// For a request that hangs: the answer comes later than this on a machine of any speed.
    private static final Duration HURRY = Duration.ofSeconds(2);

    private static final Duration HANG = Duration.ofSeconds(6);
    private static final Duration LATE = Duration.ofMillis(100);
    private static final Duration WEEK = Duration.ofDays(7);

    @TempDir Path directory;
    private @Nullable Sandbox sandbox;
    private @Nullable HttpProvider provider;

    private static Money eur(long minor) {
        return Money.of(minor, "EUR");
    }

    private SandboxSettings settings() {
        return SandboxSettings.of(
                        directory.resolve("ledger.jsonl"),
                        WebhookSecret.of(WebhookSecret.generate()))
                .timed(HANG, LATE, WEEK);
    }

    private Sandbox start(SandboxSettings settings) {
        Sandbox started = Sandbox.start(settings, InstantSource.system());
        sandbox = started;
        provider = new HttpProvider(adapter(started.uri()));
        return started;
    }

    private static HttpProviderSettings adapter(URI uri) {
        return HttpProviderSettings.of(uri).answeringWithin(ANSWER_WITHIN);
    }

    private HttpProvider provider() {
        HttpProvider started = provider;
        if (started == null) {
            start(settings());
            return provider();
        }
        return started;
    }

    @AfterEach
    void stop() {
        if (provider != null) {
            provider.close();
        }
        if (sandbox != null) {
            sandbox.close();
        }
    }

    private Answer authorize(String payment, String token) {
        return provider()
                .authorize(payment + "-authorization-1", payment, eur(1_000), "card", token);
    }

    private String authorized(String payment, String token) {
        return reference(authorize(payment, token));
    }

    /// The answer to a request that hangs, for whoever does not wait for it.
    private Answer hurried(String token) {
        var settings = HttpProviderSettings.of(running()).answeringWithin(HURRY);
        try (HttpProvider hurried = new HttpProvider(settings)) {
            return hurried.authorize("p-authorization-1", "p", eur(1_000), "card", token);
        }
    }

    private static String reference(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Done.class);
        return answer instanceof Answer.Done(var reference, _, _) ? reference : "";
    }

    private Account.Sums ledger(String payment) {
        URI uri = URI.create(uri() + "/ledger?payment=" + payment);
        var tree = LedgerReader.read(uri);
        assertThat(tree).hasSize(1);
        return tree.getFirst();
    }

    private URI running() {
        provider();
        return uri();
    }

    private URI uri() {
        return Objects.requireNonNull(sandbox, "it is started first").uri();
    }

    @Test
    void the_ledger_tells_what_was_authorized_captured_voided_and_refunded() {
        String authorization = authorized("p", "tok_ok");
        String capture = reference(provider().capture("p-capture-1", "p", authorization, eur(600)));
        reference(provider().refund("p-refund-1", "p", null, eur(100)));
        reference(provider().refund("p-refund-2", "p", capture, eur(50)));
        reference(provider().cancel("p-void-1", "p", authorization));
        assertThat(ledger("p")).isEqualTo(new Account.Sums("p", "EUR", 1_000, 600, 400, 0, 150, 0));
    }

    @Test
    void an_authorization_says_when_it_ends() {
        assertThat(authorize("p", "tok_ok"))
                .isInstanceOfSatisfying(
                        Answer.Done.class, done -> assertThat(done.expiresAt()).isNotNull());
    }

    @Test
    void a_key_is_answered_the_same_and_done_once() {
        Answer first = authorize("p", "tok_ok");
        assertThat(authorize("p", "tok_ok")).isEqualTo(first);
        assertThat(provider().find("p-authorization-1")).isEqualTo(first);
        assertThat(ledger("p").authorized()).isEqualTo(1_000);
    }

    @Test
    void a_key_that_was_used_for_another_request_is_refused() throws Exception {
        authorize("p", "tok_ok");
        assertThat(provider().authorize("p-authorization-1", "p", eur(999), "card", "tok_ok"))
                .isEqualTo(new Answer.Unknown("the provider answers 422"));
        assertThat(ledger("p").authorized()).isEqualTo(1_000);
    }

    @Test
    void cards_that_are_refused_say_why() {
        assertThat(authorize("p", "tok_declined")).isEqualTo(new Answer.Declined("card_declined"));
        assertThat(authorize("q", "tok_insufficient_funds"))
                .isEqualTo(new Answer.Declined("insufficient_funds"));
    }

    @Test
    void nobody_takes_more_than_is_held_or_gives_back_more_than_was_taken() {
        String authorization = authorized("p", "tok_ok");
        assertThat(provider().capture("p-capture-1", "p", authorization, eur(1_001)))
                .isEqualTo(new Answer.Declined("exceeds_authorization"));
        reference(provider().capture("p-capture-2", "p", authorization, eur(1_000)));
        assertThat(provider().capture("p-capture-3", "p", authorization, eur(1)))
                .isEqualTo(new Answer.Declined("exceeds_authorization"));
        assertThat(provider().refund("p-refund-1", "p", null, eur(1_001)))
                .isEqualTo(new Answer.Declined("exceeds_captured"));
        assertThat(ledger("p").captured()).isEqualTo(1_000);
    }

    @Test
    void a_request_that_acts_and_is_not_answered_is_found_by_its_key() {
        assertThat(hurried("tok_timeout")).isInstanceOf(Answer.Unknown.class);
        assertThat(provider().find("p-authorization-1")).isInstanceOf(Answer.Done.class);
        assertThat(ledger("p").authorized()).isEqualTo(1_000);
    }

    @Test
    void a_request_that_hangs_before_it_acts_is_not_known_and_can_be_sent_again() {
        assertThat(hurried("tok_timeout_before")).isInstanceOf(Answer.Unknown.class);
        assertThat(provider().find("p-authorization-1")).isEqualTo(new Answer.NoSuchKey());
        assertThat(authorize("p", "tok_timeout_before")).isInstanceOf(Answer.Done.class);
        assertThat(ledger("p").authorized()).isEqualTo(1_000);
    }

    @Test
    void an_error_after_the_act_is_an_unknown_outcome() {
        assertThat(authorize("p", "tok_error"))
                .isEqualTo(new Answer.Unknown("the provider answers 500"));
        assertThat(provider().find("p-authorization-1")).isInstanceOf(Answer.Done.class);
    }

    @Test
    void a_late_outcome_is_pending_until_it_is_there() {
        assertThat(authorize("p", "tok_late")).isEqualTo(new Answer.Pending());
        await().atMost(Till.SOON)
                .untilAsserted(
                        () ->
                                assertThat(provider().find("p-authorization-1"))
                                        .isInstanceOf(Answer.Done.class));
        authorize("q", "tok_late_declined");
        await().atMost(Till.SOON)
                .untilAsserted(
                        () ->
                                assertThat(provider().find("q-authorization-1"))
                                        .isEqualTo(new Answer.Declined("card_declined")));
    }

    @Test
    void an_authorization_ends_by_itself() {
        start(settings().timed(HANG, LATE, Duration.ofMillis(200)));
        String authorization = authorized("p", "tok_ok");
        await().atMost(Till.SOON).until(() -> ledger("p").expired() == 1_000);
        assertThat(provider().capture("p-capture-1", "p", authorization, eur(1)))
                .isEqualTo(new Answer.Declined("authorization_expired"));
    }

    @Test
    void a_capture_is_disputed_where_the_card_says_so() {
        String authorization = authorized("p", "tok_disputed");
        reference(provider().capture("p-capture-1", "p", authorization, eur(700)));
        await().atMost(Till.SOON).until(() -> ledger("p").disputed() == 700);
    }

    @Test
    void a_provider_that_is_not_there_was_not_asked() {
        URI nobody = start(settings()).uri();
        stop();
        try (HttpProvider alone = new HttpProvider(adapter(nobody))) {
            assertThat(alone.find("p-authorization-1")).isInstanceOf(Answer.NotAsked.class);
        }
    }

    @Test
    void so_many_requests_are_under_way_and_no_more() {
        Sandbox started = start(settings());
        var settings = adapter(started.uri()).answeringWithin(HURRY).inFlight(1, Duration.ZERO);
        try (HttpProvider narrow = new HttpProvider(settings)) {
            var first = CompletableFuture.supplyAsync(() -> onceItIsItsTurn(narrow));
            await().atMost(Till.SOON)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> narrow.find("b") instanceof Answer.NotAsked);
            assertThat(first.join()).isInstanceOf(Answer.Unknown.class);
            assertThat(narrow.find("b")).isEqualTo(new Answer.NoSuchKey());
        }
    }

    /// Who looks whether the one turn is taken has it himself for a moment.
    private static Answer onceItIsItsTurn(HttpProvider narrow) {
        Answer answer = narrow.authorize("a", "p", eur(1), "card", "tok_timeout");
        while (answer instanceof Answer.NotAsked) {
            answer = narrow.authorize("a", "p", eur(1), "card", "tok_timeout");
        }
        return answer;
    }

    @Test
    void a_sandbox_that_is_killed_in_the_middle_knows_what_it_did_when_it_is_back() {
        Sandbox first = start(settings());
        int port = first.uri().getPort();
        authorized("before", "tok_ok");
        var asked = CompletableFuture.supplyAsync(() -> authorize("p", "tok_timeout"));
        await().atMost(Till.SOON)
                .until(() -> provider().find("p-authorization-1") instanceof Answer.Done);
        first.close();
        assertThat(asked.join()).isInstanceOf(Answer.Unknown.class);
        start(settings().onPort(port));
        assertThat(provider().find("p-authorization-1")).isInstanceOf(Answer.Done.class);
        assertThat(ledger("before").authorized()).isEqualTo(1_000);
        assertThat(authorize("p", "tok_timeout")).isInstanceOf(Answer.Done.class);
        assertThat(ledger("p").authorized()).isEqualTo(1_000);
    }

    @Test
    void a_line_of_the_ledger_that_was_not_written_to_its_end_is_cut_off() throws IOException {
        start(settings());
        authorized("p", "tok_ok");
        stop();
        Files.writeString(settings().ledger(), "{\"type\":\"OPERA", StandardOpenOption.APPEND);
        start(settings());
        assertThat(ledger("p").authorized()).isEqualTo(1_000);
        authorized("q", "tok_ok");
        stop();
        start(settings());
        assertThat(ledger("q").authorized()).isEqualTo(1_000);
    }

    @Test
    void requests_that_are_wrong_are_refused() throws Exception {
        start(settings());
        assertThat(post("/authorizations", null, "{}")).isEqualTo(400);
        assertThat(post("/authorizations", "k", "{")).isEqualTo(400);
        assertThat(post("/authorizations", "k", "{\"payment\":\"p\"}")).isEqualTo(400);
        assertThat(post("/authorizations", "k", " ".repeat(20_000))).isEqualTo(400);
        assertThat(post("/elsewhere", "k", "{}")).isEqualTo(404);
    }

    private int post(String path, @Nullable String key, String body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(uri() + path))
                        .POST(BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<Void> response = client.send(request.build(), BodyHandlers.discarding());
            return response.statusCode();
        }
    }

    @Test
    void misbehaviours_are_read_as_they_are_written_on_a_command_line() {
        assertThat(Misbehaviours.parse("decline=0.1,late-webhook=0.5", 7))
                .isEqualTo(new Misbehaviours(0.1, 0, 0, 0, 0, 0, 0.5, 7));
        assertThat(Misbehaviours.parse("", 1)).isEqualTo(Misbehaviours.NONE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Misbehaviours.parse("decline=2,error-after=-1", 1))
                .withMessageContainingAll("decline: 0 to 1", "error-after: 0 to 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Misbehaviours.parse("explode=1", 1))
                .withMessageContaining("[explode]");
    }
}
