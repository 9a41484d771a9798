// SPDX-License-Identifier: Apache-2.0
package dev.fakta.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fakta.fuzz.AnswerCheck.Checked;
import dev.fakta.fuzz.AnswerCheck.Wrong;
import dev.fakta.fuzz.RawRequest.Framing;
import dev.fakta.fuzz.RawRequest.Header;
import dev.fakta.http.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Sends a node requests that follow from a seed: a third as its document says, the others changed
/// once to three times, with the credentials of each role, of nobody, or with such as open nothing.
///
/// Several threads send, each by a sequence of its own, so that a seed gives the same requests only
/// as far as the answers are the same. So what is found is told with the request itself.
final class Fuzzer {

    private static final int THREADS = 4;
    private static final int REOPEN_EVERY = 300;
    private static final int SLOW_MILLIS = 20_000;
    private static final List<String> ROLES =
            List.of("CUSTOMER", "STAFF", "IMPORTER", "OPERATOR", "ADMIN");

    /// What a shop needs before orders can be placed in it.
    private static final Map<String, String> FIRST = first();

    private final FuzzedNode node;
    private final long seed;
    private final Hostility hostility;
    private final List<Operation> operations;
    private final Values values;
    private final Known known;
    private final AnswerCheck check;
    private final Refused refused;
    private final List<String> callers;
    private final AtomicInteger numbers = new AtomicInteger();
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    private final Map<String, Found> found = new LinkedHashMap<>();
    private final Map<Integer, Integer> statuses = new TreeMap<>();

    private Fuzzer(
            FuzzedNode node,
            long seed,
            Tokens tokens,
            JsonNode document,
            List<String> callers,
            Set<String> keys,
            Refused refused) {
        this.node = node;
        this.seed = seed;
        this.hostility = new Hostility(tokens);
        this.operations = Operation.of(document);
        this.known = new Known(keys);
        this.values = new Values(document, known);
        this.check = new AnswerCheck(document, node.port());
        this.refused = refused;
        this.callers = callers;
    }

    /// What was wrong, with the first request that showed it.
    record Found(Wrong wrong, RawRequest request, RawRequest smallest, int times) {
        Found again() {
            return new Found(wrong, request, smallest, times + 1);
        }
    }

    /// Asks the node what it serves, and has it issue a key for each role.
    static Fuzzer of(FuzzedNode node, Tokens tokens, long seed) throws IOException {
        String admin = "Bearer " + node.adminKey();
        try (RawConnection connection = new RawConnection(node.port())) {
            JsonNode document = asked(connection, "GET", "/openapi.json", admin, "").json();
            List<String> callers =
                    new ArrayList<>(
                            List.of(
                                    admin,
                                    "Bearer " + tokens.good("customer", "CUSTOMER"),
                                    "Bearer " + tokens.good("clerk", "STAFF")));
            Set<String> keys = new HashSet<>();
            for (String role : ROLES) {
                JsonNode key =
                        asked(
                                        connection,
                                        "POST",
                                        "/keys",
                                        admin,
                                        "{\"name\":\"customer\",\"roles\":[\"%s\"]}"
                                                .formatted(role))
                                .json();
                callers.add("Bearer " + key.path("key").asString());
                keys.add(key.path("id").asString());
            }
            for (Map.Entry<String, String> one : FIRST.entrySet()) {
                String[] line = one.getKey().split(" ", 2);
                asked(connection, line[0], line[1], admin, one.getValue());
            }
            Fuzzer fuzzer =
                    new Fuzzer(
                            node,
                            seed,
                            tokens,
                            document,
                            callers,
                            keys,
                            Refused.of(seed, node.data().resolveSibling("refused")));
            fuzzer.learnFirst();
            return fuzzer;
        }
    }

    private static Answer asked(
            RawConnection connection, String method, String path, String caller, String body)
            throws IOException {
        Answer answer = connection.send(plain(method, path, caller, body));
        if (answer == null || answer.status() >= 300) {
            throw new IOException("%s %s is answered with %s".formatted(method, path, answer));
        }
        return answer;
    }

    private static RawRequest plain(String method, String path, String caller, String body) {
        return new RawRequest(
                method,
                path,
                List.of(new Header("Host", "localhost"), new Header("Authorization", caller)),
                body.getBytes(UTF_8),
                Framing.LENGTH);
    }

    /// Sells again what the requests have retired or lost, and places an order: else all that they
    /// would find soon is a closed shop.
    private void reopen(RawConnection connection) {
        FIRST.forEach(
                (line, body) -> {
                    String[] words = line.split(" ", 2);
                    RawRequest request = plain(words[0], words[1], callers.getFirst(), body);
                    Wrong wrong = check.send(connection, request, false).wrong();
                    if (wrong != null) {
                        synchronized (found) {
                            found.putIfAbsent(line, new Found(wrong, request, request, 1));
                        }
                    }
                });
    }

    private static Map<String, String> first() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(
                "PUT /products/tea",
                "{\"name\":\"Tea\",\"weightGrams\":100,\"prices\":[{\"minor\":450,\"currency\":\"EUR\"}]}");
        all.put(
                "PUT /products/jam",
                "{\"name\":\"Jam\",\"prices\":[{\"minor\":700,\"currency\":\"EUR\"},{\"minor\":800,\"currency\":\"USD\"}]}");
        all.put("PUT /stock/tea", "{\"onHand\":100000}");
        all.put("PUT /stock/jam", "{\"onHand\":100000,\"location\":\"main\"}");
        all.put(
                "PUT /campaigns/ten",
                "{\"kind\":\"percentage\",\"percent\":10,\"codes\":[\"TEN\"]}");
        all.put(
                "POST /orders",
                """
                {"customerId":"customer","email":"a@example.org","currency":"EUR","campaignCodes":["TEN"],
                 "lines":[{"sku":"tea","quantity":3},{"sku":"jam","quantity":2}],
                 "shipping":{"method":"standard","address":{"name":"C","line1":"Main 1","line2":"Door 2",
                   "postalCode":"53111","city":"Bonn","region":"NW","country":"DE"}},
                 "payment":{"method":"card","token":"tok_ok"}}""");
        all.put(
                "PUT /store-credits/customer/issues/r1",
                "{\"amount\":{\"minor\":5000,\"currency\":\"EUR\"},\"reason\":\"sorry\"}");
        return all;
    }

    /// Bodies that requests can begin with.
    private void learnFirst() {
        Random random = new Random(seed);
        for (Operation one : operations) {
            FIRST.forEach(
                    (line, body) -> {
                        boolean isIt =
                                line.matches(
                                        java.util.regex.Pattern.quote(one.method() + " ")
                                                + one.path().replaceAll("\\{[a-zA-Z]+}", "[^/]+"));
                        if (isIt) {
                            known.add("body " + one.name(), body, random);
                        }
                    });
        }
        known.add("body POST /orders/price", FIRST.get("POST /orders"), random);
        known.add(
                "body POST /shipments/{id}/pack",
                "{\"parcels\":[{\"id\":\"p1\",\"weightGrams\":900,\"contents\":[{\"line\":1,\"quantity\":3},{\"line\":2,\"quantity\":2}]}]}",
                random);
        known.add(
                "body POST /shipments/{id}/dispatch",
                "{\"labels\":[{\"parcel\":\"p1\",\"carrier\":\"DHL\",\"code\":\"TRACK1\"}],\"cost\":{\"minor\":400,\"currency\":\"EUR\"}}",
                random);
        known.add("body POST /shipments/{id}/deliver", "{\"parcel\":\"p1\"}", random);
        known.add(
                "body POST /orders/{orderId}/returns",
                "{\"lines\":[{\"line\":1,\"quantity\":1}],\"reason\":\"DAMAGED\"}",
                random);
        known.add(
                "body POST /returns/{id}/inspect",
                "{\"lines\":[{\"line\":1,\"restocked\":1,\"writtenOff\":0}],\"location\":\"main\"}",
                random);
        List.of("tea", "jam").forEach(sku -> known.add("products", sku, random));
        known.add("campaigns", "ten", random);
    }

    /// Sends so many requests.
    void send(int requests) throws Exception {
        int until = numbers.get() + requests;
        int round = numbers.get();
        List<Future<?>> threads = new ArrayList<>();
        try (ExecutorService all = Executors.newFixedThreadPool(THREADS)) {
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(seed * 31 + round * 7L + i);
                threads.add(all.submit(() -> sendUntil(until, random)));
            }
            for (Future<?> one : threads) {
                one.get();
            }
        }
    }

    private void sendUntil(int until, Random random) {
        try (RawConnection connection = new RawConnection(node.port())) {
            for (int number = numbers.getAndIncrement();
                    number < until;
                    number = numbers.getAndIncrement()) {
                if (number % REOPEN_EVERY == 0) {
                    reopen(connection);
                }
                sendOne(connection, number, random);
            }
        }
    }

    private void sendOne(RawConnection connection, int number, Random random) {
        Operation operation = operations.get(random.nextInt(operations.size()));
        String trace = refused.trace(number);
        boolean opensNothing = random.nextInt(16) == 0;
        boolean isNobody = !opensNothing && random.nextInt(24) == 0;
        RawRequest request = request(operation, random).with("traceparent", trace);
        if (!isNobody) {
            String good = callers.get(random.nextInt(2) == 0 ? 0 : random.nextInt(callers.size()));
            request =
                    request.with(
                            "Authorization",
                            opensNothing ? hostility.authorization(good, random) : good);
        }
        if (random.nextInt(3) > 0) {
            for (int left = 1 + random.nextInt(3); left > 0; left--) {
                request = hostility.change(request, known, random);
            }
        }
        opensNothing |= isNobody;
        long start = System.nanoTime();
        Thread sender = Thread.currentThread();
        Future<?> look = watch.schedule(() -> show(sender), SLOW_MILLIS, TimeUnit.MILLISECONDS);
        Checked checked = check.send(connection, request, opensNothing);
        look.cancel(false);
        long millis = (System.nanoTime() - start) / 1_000_000;
        Answer answer = checked.answer();
        Wrong wrong = checked.wrong();
        if (wrong == null && millis > SLOW_MILLIS) {
            wrong = new Wrong("slow", "it took %d ms".formatted(millis));
        }
        note(number, request, trace, answer);
        if (wrong != null) {
            note(operation, request, wrong, opensNothing);
        } else if (answer != null) {
            known.learn(operation, request, answer, random);
        }
    }

    /// What both sides are at while a request takes too long, for whoever has to find out why.
    private void show(Thread sender) {
        StringBuilder text = new StringBuilder("a request takes long; it is sent at\n");
        for (StackTraceElement frame : sender.getStackTrace()) {
            text.append("  ").append(frame).append('\n');
        }
        try {
            Stream.of(node.threads().split("\n\n"))
                    .filter(thread -> thread.contains("dev.fakta") || thread.contains("helidon"))
                    .forEach(thread -> text.append(thread).append('\n'));
        } catch (IOException e) {
            text.append("the node cannot be asked: ").append(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        System.out.println(text);
    }

    private RawRequest request(Operation operation, Random random) {
        List<String> ids =
                operation.pathParameters().stream()
                        .map(name -> values.id(operation.collection(), name, random))
                        .toList();
        List<String> pairs = new ArrayList<>();
        operation
                .query()
                .forEach(
                        (name, schema) -> {
                            if (random.nextInt(4) == 0) {
                                pairs.add(
                                        name
                                                + "="
                                                + java.net.URLEncoder.encode(
                                                        values.parameter(name, schema, random),
                                                        UTF_8));
                            }
                        });
        String query = pairs.isEmpty() ? "" : "?" + String.join("&", pairs);
        RawRequest request =
                new RawRequest(
                        operation.method(),
                        operation.path(ids) + query,
                        List.of(new Header("Host", "localhost")),
                        values.body(operation, random),
                        Framing.LENGTH);
        for (String header : operation.headers()) {
            String value =
                    switch (header) {
                        case "Idempotency-Key" -> "key-" + random.nextInt(1_000);
                        case "Prefer" -> "return=minimal";
                        case "Fakta-Token" -> known.any("token", "1.1", random);
                        default -> known.any("tag", "\"1\"", random);
                    };
            if (random.nextInt(10) == 0) {
                request = request.with(header, value);
            }
        }
        return operation.body() == null
                ? request
                : request.with("Content-Type", "application/json");
    }

    private synchronized void note(
            int number, RawRequest request, String trace, @Nullable Answer answer) {
        statuses.merge(answer == null ? 0 : answer.status(), 1, Integer::sum);
        boolean isTraced = request.all("traceparent").equals(List.of(trace));
        if (isTraced && answer != null && answer.status() >= 400 && answer.status() < 500) {
            refused.add(number, request);
        }
    }

    private void note(Operation operation, RawRequest request, Wrong wrong, boolean opensNothing) {
        String kind = operation.name() + " " + wrong.kind();
        synchronized (found) {
            if (found.computeIfPresent(kind, (_, before) -> before.again()) != null) {
                return;
            }
            found.put(kind, new Found(wrong, request, request, 1));
        }
        boolean isWorth = !wrong.kind().equals("hangs") && !wrong.kind().equals("slow");
        RawRequest smallest = isWorth ? check.smallest(request, wrong, opensNothing) : request;
        synchronized (found) {
            found.computeIfPresent(
                    kind, (_, f) -> new Found(f.wrong(), f.request(), smallest, f.times()));
        }
    }

    /// How often which status came; 0: none, the connection was closed.
    Map<Integer, Integer> statuses() {
        return Map.copyOf(statuses);
    }

    int sent() {
        return statuses.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// What was wrong, each with a line for a shell.
    List<String> wrong() {
        List<String> all = new ArrayList<>();
        found.forEach(
                (kind, one) ->
                        all.add(
                                "%s (%d times): %s%n  %s%n  smallest: %s"
                                        .formatted(
                                                kind,
                                                one.times(),
                                                shortened(one.wrong().what()),
                                                one.request(),
                                                one.smallest().shell(node.port()))));
        return all;
    }

    private static String shortened(String text) {
        return text.length() > 700 ? text.substring(0, 700) + " ..." : text;
    }

    /// Looks into the log of the node that was stopped.
    Refused.Found recorded() throws IOException {
        return refused.recorded(node.data());
    }

    /// A page of the node, as administrators see it.
    String page(String path) throws IOException {
        try (RawConnection connection = new RawConnection(node.port())) {
            return asked(connection, "GET", path, callers.getFirst(), "").body();
        }
    }
}
