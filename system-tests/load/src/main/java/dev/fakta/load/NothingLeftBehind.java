// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// No order that has ended, and none that never was, keeps units of stock or a use of a code that
/// was set aside and not redeemed.
final class NothingLeftBehind implements Rule {

    private final Set<String> live = new HashSet<>();
    private final Set<String> ended = new HashSet<>();
    private final Map<String, StockBook> items = new TreeMap<>();
    private final Map<String, Set<String>> uses = new HashMap<>();
    private long looked;

    @Override
    public String promise() {
        return "no reservation left behind";
    }

    @Override
    public void see(Fact fact) {
        switch (fact.name()) {
            case "order-created" -> live.add(fact.id());
            case "redemption-settled" -> {
                looked++;
                Set<String> kept = uses.computeIfAbsent(fact.text("order"), _ -> new TreeSet<>());
                if (fact.text("is").equals("SET_ASIDE")) {
                    kept.add(use(fact));
                } else {
                    kept.remove(use(fact));
                }
            }
            case "redemption-expired" ->
                    uses.getOrDefault(fact.text("order"), new TreeSet<>()).remove(use(fact));
            default -> {
                if (EndedOrTimed.ENDS.contains(fact.name())) {
                    ended.add(fact.id());
                }
            }
        }
        if (fact.aggregate().equals("stock-item")) {
            looked++;
            items.computeIfAbsent(fact.id(), StockBook::new).see(fact);
        }
    }

    private static String use(Fact fact) {
        return "%s of %s".formatted(fact.text("code"), fact.id());
    }

    @Override
    public List<String> wrong() {
        Stream<String> units =
                items.entrySet().stream()
                        .flatMap(
                                item ->
                                        item.getValue().reserved().stream()
                                                .filter(line -> isOver(orderOf(line)))
                                                .map(line -> line + " keeps " + item.getKey()));
        Stream<String> codes =
                uses.entrySet().stream()
                        .filter(order -> isOver(order.getKey()))
                        .flatMap(
                                order ->
                                        order.getValue().stream()
                                                .map(use -> order.getKey() + " keeps " + use));
        return Stream.concat(units, codes).sorted().toList();
    }

    private static String orderOf(String line) {
        return line.substring(0, line.lastIndexOf(" line "));
    }

    private boolean isOver(String order) {
        return ended.contains(order) || !live.contains(order);
    }

    @Override
    public long looked() {
        return looked;
    }
}
