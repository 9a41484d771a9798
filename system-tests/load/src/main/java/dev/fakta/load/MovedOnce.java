// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// O3 and P1 to P3: no capture and no refund happens twice, none takes more than there is.
final class MovedOnce implements Rule {

    private final Map<String, AccountBook> payments = new TreeMap<>();

    @Override
    public String promise() {
        return "no double capture or refund";
    }

    @Override
    public void see(Fact fact) {
        if (fact.aggregate().equals("payment")) {
            payments.computeIfAbsent(fact.id(), AccountBook::new).see(fact);
        }
    }

    @Override
    public List<String> wrong() {
        return payments.values().stream().flatMap(payment -> payment.wrong().stream()).toList();
    }

    @Override
    public long looked() {
        return payments.size();
    }
}
