// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.sandbox.Book.Asked;
import dev.fakta.orders.payments.sandbox.Book.Said;
import dev.fakta.orders.payments.sandbox.Dice.Fate;
import dev.fakta.orders.payments.sandbox.Entry.Kind;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the sandbox serves, misbehaviours included.
///
/// | request | means |
/// |---|---|
/// | `POST /authorizations`, `/captures`, `/voids`, `/refunds` | with `Idempotency-Key` |
/// | `GET /operations/{key}` | what became of a key |
/// | `GET /ledger[?payment=ID]` | what was moved: the truth |
/// | `PUT /misbehaviours` | how badly it behaves from now on |
final class SandboxRoutes implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(SandboxRoutes.class);
    private static final int LONGEST_BODY = 16 << 10;
    private static final int LONGEST_KEY = 255;
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();
    private static final Map<String, Kind> KINDS =
            Map.of(
                    "/authorizations", Kind.AUTHORIZATION,
                    "/captures", Kind.CAPTURE,
                    "/voids", Kind.VOID,
                    "/refunds", Kind.REFUND);

    private final Sandbox sandbox;
    private final Book book;
    private final Dice dice;

    /// The keys of requests that have misbehaved as their token says; each does once.
    private final Set<String> misbehaved = ConcurrentHashMap.newKeySet();

    SandboxRoutes(Sandbox sandbox, Book book, Dice dice) {
        this.sandbox = sandbox;
        this.book = book;
        this.dice = dice;
    }

    /// An answer; the body is written as JSON.
    private record Response(int status, Object body) {
        static Response problem(int status, String title, String detail) {
            return new Response(status, Map.of("title", title, "status", status, "detail", detail));
        }
    }

    /// A request that is wrong.
    private static final class BadRequestException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        BadRequestException(String detail) {
            super(detail);
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Response response;
            try {
                response = response(exchange);
            } catch (BadRequestException | JacksonException e) {
                response = Response.problem(400, "Bad request", String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                LOG.error("{} fails", exchange.getRequestURI(), e);
                response = Response.problem(500, "Defect", "the sandbox is broken");
            }
            if (response != null) {
                send(exchange, response);
            }
        }
    }

    private static void send(HttpExchange exchange, Response response) throws IOException {
        byte[] body = JSON.writeValueAsBytes(response.body);
        exchange.getResponseHeaders()
                .set(
                        "Content-Type",
                        response.status < 400 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(response.status, body.length);
        exchange.getResponseBody().write(body);
    }

    /// @return `null` when there is no answer
    private @Nullable Response response(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        Kind kind = KINDS.get(path);
        if (kind != null && method.equals("POST")) {
            return operate(kind, exchange);
        }
        if (method.equals("GET") && path.startsWith("/operations/")) {
            Entry found = book.find(path.substring("/operations/".length()));
            return found == null
                    ? Response.problem(404, "Unknown", "no operation has this key")
                    : new Response(200, answer(found));
        }
        if (method.equals("GET") && path.equals("/ledger")) {
            return new Response(200, Map.of("payments", book.sums(payment(exchange))));
        }
        if (method.equals("PUT") && path.equals("/misbehaviours")) {
            JsonNode tree = JSON.readTree(body(exchange));
            dice.set(JSON.treeToValue(tree, Misbehaviours.class));
            return new Response(200, tree);
        }
        return Response.problem(404, "Unknown", "nothing is served here");
    }

    private static @Nullable String payment(HttpExchange exchange) {
        String query = exchange.getRequestURI().getRawQuery();
        return query != null && query.startsWith("payment=")
                ? URLDecoder.decode(query.substring("payment=".length()), StandardCharsets.UTF_8)
                : null;
    }

    private @Nullable Response operate(Kind kind, HttpExchange exchange) throws IOException {
        Asked asked = asked(kind, exchange);
        Fate fate = fate(asked);
        if (fate == Fate.TIMEOUT_BEFORE || fate == Fate.ERROR_BEFORE) {
            return misbehaved(fate);
        }
        Instant now = sandbox.clock().instant();
        Said said = book.ask(asked, refusal(asked), now);
        return switch (said) {
            case Said.KeyReused _ ->
                    Response.problem(422, "Key reused", "the key was used for another request");
            case Said.Full _ -> Response.problem(503, "Full", "the sandbox takes no more");
            case Said.Answered(var entry, var isNew) -> {
                if (isNew) {
                    sandbox.happened(entry);
                }
                yield fate == Fate.ANSWERED ? new Response(200, answer(entry)) : misbehaved(fate);
            }
        };
    }

    private @Nullable Response misbehaved(Fate fate) {
        return switch (fate) {
            case ERROR_BEFORE, ERROR_AFTER ->
                    Response.problem(500, "Broken", "the sandbox misbehaves");
            case TIMEOUT_BEFORE, TIMEOUT_AFTER -> {
                sandbox.hang();
                yield null;
            }
            case ANSWERED -> throw new IllegalStateException("that is no misbehaviour");
        };
    }

    /// As the card's token says, the first time; else as the dice say.
    private Fate fate(Asked asked) {
        String token =
                asked.kind() == Kind.AUTHORIZATION ? asked.token() : book.token(asked.payment());
        Fate steered = steered(asked.kind(), token == null ? "" : token);
        boolean isFirst = book.find(asked.key()) == null;
        return steered != Fate.ANSWERED && isFirst && misbehaved.add(asked.key())
                ? steered
                : dice.fate();
    }

    private static Fate steered(Kind kind, String token) {
        return switch (kind) {
            case AUTHORIZATION ->
                    switch (token) {
                        case Tokens.TIMEOUT -> Fate.TIMEOUT_AFTER;
                        case Tokens.TIMEOUT_BEFORE -> Fate.TIMEOUT_BEFORE;
                        case Tokens.ERROR -> Fate.ERROR_AFTER;
                        default -> Fate.ANSWERED;
                    };
            case CAPTURE ->
                    token.equals(Tokens.CAPTURE_TIMEOUT) ? Fate.TIMEOUT_AFTER : Fate.ANSWERED;
            case VOID, REFUND -> Fate.ANSWERED;
        };
    }

    private @Nullable String refusal(Asked asked) {
        if (asked.kind() != Kind.AUTHORIZATION || Tokens.isLate(asked.token())) {
            return null;
        }
        String refusal = Tokens.refusal(asked.token());
        return refusal == null ? dice.decline() : refusal;
    }

    private static Asked asked(Kind kind, HttpExchange exchange) throws IOException {
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        if (key == null || key.isBlank() || key.length() > LONGEST_KEY) {
            throw new BadRequestException("Idempotency-Key: 1 to 255 characters are needed");
        }
        byte[] body = body(exchange);
        JsonNode tree = JSON.readTree(body);
        Money amount =
                kind == Kind.VOID ? null : JSON.treeToValue(tree.path("amount"), Money.class);
        if (kind != Kind.VOID && (amount == null || amount.signum() <= 0)) {
            throw new BadRequestException("amount: more than nothing is needed");
        }
        return new Asked(
                kind,
                key,
                digest(kind, body),
                needed(tree, "payment"),
                amount,
                switch (kind) {
                    case AUTHORIZATION -> null;
                    case CAPTURE, VOID -> needed(tree, "authorization");
                    case REFUND -> tree.path("capture").asString(null);
                },
                kind == Kind.AUTHORIZATION ? needed(tree, "token") : null);
    }

    private static String needed(JsonNode tree, String field) {
        String text = tree.path(field).asString("");
        if (text.isBlank()) {
            throw new BadRequestException(field + ": is missing");
        }
        return text;
    }

    private static byte[] body(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
        if (body.length > LONGEST_BODY) {
            throw new BadRequestException("the body is too large");
        }
        return body;
    }

    private static String digest(Kind kind, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(kind.name().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(body), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Map<String, Object> answer(Entry entry) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", entry.id());
        answer.put("key", String.valueOf(entry.key()));
        answer.put("kind", String.valueOf(entry.kind()).toLowerCase(Locale.ROOT));
        answer.put("status", String.valueOf(entry.status()).toLowerCase(Locale.ROOT));
        answer.put("amount", entry.amount());
        if (entry.reason() != null) {
            answer.put("reason", entry.reason());
        }
        if (entry.expiresAt() != null) {
            answer.put("expiresAt", entry.expiresAt());
        }
        return answer;
    }
}
