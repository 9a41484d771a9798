// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// C1 to C3: no campaign is used more often than it allows, by all or by one customer, nor twice by
/// one order with one code. Judged when a use is set aside: a limit that is lowered later takes
/// nothing away.
final class CodesWithinLimits implements Rule {

    private final Map<String, Uses> campaigns = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private long looked;

    private static final class Uses {
        long most = Long.MAX_VALUE;
        long mostPerCustomer = Long.MAX_VALUE;

        /// Each use's customer, by order and code.
        final Map<String, String> customers = new HashMap<>();
    }

    @Override
    public String promise() {
        return "no code beyond its limit";
    }

    @Override
    public void see(Fact fact) {
        if (!fact.aggregate().equals("campaign")) {
            return;
        }
        Uses uses = campaigns.computeIfAbsent(fact.id(), _ -> new Uses());
        switch (fact.name()) {
            case "campaign-defined" -> {
                JsonNode rules = fact.data().path("rules");
                uses.most = limit(rules.path("maxUses"));
                uses.mostPerCustomer = limit(rules.path("maxUsesPerCustomer"));
            }
            case "redemption-settled" -> settle(fact, uses);
            case "redemption-expired" -> uses.customers.remove(use(fact));
            default -> {} // no use more or less
        }
    }

    /// An order was told what it has of a code: it is another use when it had none before.
    private void settle(Fact fact, Uses uses) {
        if (fact.text("is").equals("NOTHING")) {
            uses.customers.remove(use(fact));
        } else if (fact.text("was").equals("NOTHING")) {
            reserve(fact, uses);
        }
    }

    private void reserve(Fact fact, Uses uses) {
        looked++;
        String customer = fact.text("customer");
        if (uses.customers.put(use(fact), customer) != null) {
            wrong.add("%s: %s is reserved twice".formatted(fact.id(), use(fact)));
        }
        long all = uses.customers.size();
        if (all > uses.most) {
            wrong.add("%s: use %d of %d".formatted(fact.id(), all, uses.most));
        }
        if (uses.mostPerCustomer < Long.MAX_VALUE) {
            long own = uses.customers.values().stream().filter(customer::equals).count();
            if (own > uses.mostPerCustomer) {
                wrong.add(
                        "%s: use %d of %d by %s"
                                .formatted(fact.id(), own, uses.mostPerCustomer, customer));
            }
        }
    }

    private static long limit(JsonNode limit) {
        return limit.isNumber() ? limit.asLong() : Long.MAX_VALUE;
    }

    private static String use(Fact fact) {
        return fact.text("order") + " with " + fact.text("code");
    }

    @Override
    public List<String> wrong() {
        return List.copyOf(wrong);
    }

    @Override
    public long looked() {
        return looked;
    }
}
