// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.EventLog;
import dev.fakta.log.EventRecord;
import dev.fakta.log.LogReader;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Positions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the log alone says about purchases and payments.
final class PurchaseBooks {

    private final Map<String, String> ends = new HashMap<>();
    private final Map<String, Integer> shares = new HashMap<>();
    private final Map<String, Integer> payments = new HashMap<>();
    private final Map<String, Long> paid = new HashMap<>();
    private final Map<String, Long> balances = new HashMap<>();

    PurchaseBooks(EventLog log) {
        try (LogReader reader = log.reader(Positions.start(log.partitions()))) {
            while (!reader.positions().covers(log.heads())) {
                for (LogRecord record : reader.next(1_000, Duration.ofSeconds(5))) {
                    if (record instanceof EventRecord event) {
                        book(event);
                    }
                }
            }
        }
    }

    /// Every purchase has ended, paid once by all its wallets or by none.
    void check(Set<String> acknowledged) {
        assertThat(ends).containsOnlyKeys(shares.keySet());
        assertThat(shares.keySet()).containsAll(acknowledged);
        ends.forEach(
                (purchase, end) ->
                        assertThat(payments.getOrDefault(purchase, 0))
                                .as("payments for %s, which is %s", purchase, end)
                                .isEqualTo(
                                        end.equals("purchase-confirmed")
                                                ? shares.getOrDefault(purchase, 0)
                                                : 0));
        assertThat(balances.values()).allMatch(balance -> balance >= 0);
        assertThat(ends.values()).contains("purchase-confirmed", "purchase-rejected");
        System.out.printf(
                "%d purchases ended, %d of them confirmed%n",
                ends.size(), ends.values().stream().filter("purchase-confirmed"::equals).count());
    }

    private void book(EventRecord record) {
        String stream = record.event().stream();
        String name = record.event().name();
        String id = stream.substring(stream.indexOf('/') + 1);
        JsonNode event = JsonMapper.shared().readTree(record.event().payload());
        switch (name) {
            case "purchase-ordered" -> shares.put(id, event.path("shares").size());
            case "purchase-confirmed", "purchase-rejected" ->
                    assertThat(ends.put(id, name)).as("%s ends twice", id).isNull();
            case "wallet-filled" -> balances.merge(id, event.path("amount").asLong(), Long::sum);
            case "wallet-paid" -> {
                String purchase = event.path("purchase").asString();
                long amount = event.path("amount").asLong();
                assertThat(paid.put(id + "/" + purchase, amount)).as("paid twice").isNull();
                payments.merge(purchase, 1, Integer::sum);
                balances.merge(id, -amount, Long::sum);
            }
            case "wallet-paid-back" -> {
                String purchase = event.path("purchase").asString();
                Long amount = paid.remove(id + "/" + purchase);
                assertThat(amount).as("paid back without having been paid").isNotNull();
                payments.merge(purchase, -1, Integer::sum);
                balances.merge(id, amount == null ? 0 : amount, Long::sum);
            }
            default -> {}
        }
    }
}
