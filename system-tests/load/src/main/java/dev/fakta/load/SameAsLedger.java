// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// What the payments say was captured and refunded is what the provider's own ledger says, to the
/// cent, payment by payment and in both directions.
final class SameAsLedger implements Rule {

    private static final Sums NOTHING = new Sums(0, 0);

    private final Map<String, AccountBook> payments = new TreeMap<>();
    private final Map<String, Sums> ledger = new TreeMap<>();

    private record Sums(long captured, long refunded) {}

    /// @param ledger the provider's answer to `GET /ledger`
    SameAsLedger(JsonNode ledger) {
        if (!ledger.path("payments").isArray()) {
            throw new IllegalArgumentException("the ledger has no payments: " + ledger);
        }
        for (JsonNode payment : ledger.path("payments")) {
            this.ledger.put(
                    payment.path("payment").asString(),
                    new Sums(payment.path("captured").asLong(), payment.path("refunded").asLong()));
        }
    }

    @Override
    public String promise() {
        return "captures and refunds are those of the provider's ledger";
    }

    @Override
    public void see(Fact fact) {
        if (fact.aggregate().equals("payment")) {
            payments.computeIfAbsent(fact.id(), AccountBook::new).see(fact);
        }
    }

    @Override
    public List<String> wrong() {
        TreeSet<String> all = new TreeSet<>(payments.keySet());
        all.addAll(ledger.keySet());
        List<String> wrong = new ArrayList<>();
        for (String payment : all) {
            Sums ours = ours(payment);
            Sums theirs = ledger.getOrDefault(payment, NOTHING);
            if (!ours.equals(theirs)) {
                wrong.add("%s: %s here, %s in the ledger".formatted(payment, ours, theirs));
            }
        }
        return wrong;
    }

    private Sums ours(String payment) {
        AccountBook book = payments.get(payment);
        return book == null ? NOTHING : new Sums(book.captured(), book.refunded());
    }

    @Override
    public long looked() {
        return ledger.size();
    }
}
