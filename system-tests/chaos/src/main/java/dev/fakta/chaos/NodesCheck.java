// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import dev.fakta.chaos.Caller.Answer;
import dev.fakta.chaos.Caller.Request;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks every node, once all is calm, for what it has, and compares it with the log.
final class NodesCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int READ_ORDERS = 300;
    private static final String HEADS =
            """
            select string_agg(partition_no || '.' || head, ',' order by partition_no)
            from (select partition_no, max("offset") head from event group by partition_no) e
            """;

    private final Caller caller;
    private final LoggedOrders logged;
    private final int nodes;

    private NodesCheck(Caller caller, LoggedOrders logged, int nodes) {
        this.caller = caller;
        this.logged = logged;
        this.nodes = nodes;
    }

    static void check(
            Caller caller, Connection connection, LoggedOrders logged, int nodes, Verdict verdict)
            throws SQLException {
        NodesCheck check = new NodesCheck(caller, logged, nodes);
        check.images(verdict);
        check.views(heads(connection), verdict);
        check.differing(verdict);
    }

    private static String heads(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(HEADS)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    private void images(Verdict verdict) {
        List<String> wrong = new ArrayList<>();
        long looked = 0;
        for (Map.Entry<String, Long> order : logged.revisions().entrySet()) {
            if (looked == READ_ORDERS) {
                break;
            }
            Answer answer = ask((int) looked++ % nodes, Request.get("/orders/" + order.getKey()));
            if (answer == null || answer.revision() != order.getValue()) {
                wrong.add(
                        "order %s: %s in the log, %s"
                                .formatted(order.getKey(), order.getValue(), answer));
            }
        }
        verdict.add("G4: an order as a node has it is the log's", looked, wrong);
    }

    private void views(String heads, Verdict verdict) {
        Map<String, Long> expected = logged.revisions();
        List<String> wrong = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            Map<String, Long> listed = listed(node, heads, wrong);
            if (!listed.equals(expected)) {
                wrong.add(
                        "%s lists %d orders, the log has %d; %s"
                                .formatted(
                                        ClusterUnderTest.name(node),
                                        listed.size(),
                                        expected.size(),
                                        firstDifference(listed, expected)));
            }
        }
        verdict.add(
                "G5: the list of every node is the fold of the log",
                (long) nodes * expected.size(),
                wrong);
    }

    private static String firstDifference(Map<String, Long> listed, Map<String, Long> expected) {
        for (Map.Entry<String, Long> order : expected.entrySet()) {
            Long there = listed.get(order.getKey());
            if (!order.getValue().equals(there)) {
                return "order %s is at %s, not %s"
                        .formatted(order.getKey(), there, order.getValue());
            }
        }
        return "orders are listed that are not in the log";
    }

    private Map<String, Long> listed(int node, String heads, List<String> wrong) {
        Map<String, Long> listed = new HashMap<>();
        String cursor = "";
        do {
            Request page =
                    new Request(
                            "GET",
                            "/orders?limit=200" + (cursor.isEmpty() ? "" : "&after=" + cursor),
                            Map.of("Fakta-Token", heads),
                            null);
            Answer answer = ask(node, page);
            if (answer == null || answer.status() != 200) {
                wrong.add("%s: the list is %s".formatted(ClusterUnderTest.name(node), answer));
                return listed;
            }
            JsonNode body = JsonMapper.shared().readTree(answer.body());
            for (JsonNode item : body.path("items")) {
                String id = item.path("id").asString();
                if (listed.put(id, item.path("revision").asLong()) != null) {
                    wrong.add("%s lists order %s twice".formatted(ClusterUnderTest.name(node), id));
                }
            }
            cursor = body.path("next").asString("");
        } while (!cursor.isEmpty());
        return listed;
    }

    /// The nodes compare their warm copies themselves, all the time.
    private void differing(Verdict verdict) {
        List<String> wrong = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            Answer answer = ask(node, Request.get("/metrics"));
            String line =
                    answer == null
                            ? "no metrics"
                            : answer.body()
                                    .lines()
                                    .filter(text -> text.startsWith("fakta_images_differing"))
                                    .findFirst()
                                    .orElse("no figure");
            if (!line.endsWith(" 0.0")) {
                wrong.add(ClusterUnderTest.name(node) + ": " + line);
            }
        }
        verdict.add("G4: no passive copy was found to differ", nodes, wrong);
    }

    private @Nullable Answer ask(int node, Request request) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        Answer answer = caller.attempt(request, node);
        while (answer == null && System.nanoTime() - until < 0) {
            answer = caller.attempt(request, node);
        }
        return answer;
    }
}
