// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// S1 and S3: never more units reserved than are on hand, and none leaves twice.
final class NoOversell implements Rule {

    private final Map<String, StockBook> items = new TreeMap<>();

    @Override
    public String promise() {
        return "no oversell";
    }

    @Override
    public void see(Fact fact) {
        if (fact.aggregate().equals("stock-item")) {
            items.computeIfAbsent(fact.id(), StockBook::new).see(fact);
        }
    }

    @Override
    public List<String> wrong() {
        return items.values().stream().flatMap(item -> item.wrong().stream()).toList();
    }

    @Override
    public long looked() {
        return items.size();
    }
}
