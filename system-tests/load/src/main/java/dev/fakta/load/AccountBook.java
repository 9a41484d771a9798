// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What one payment's facts say was moved, in minor units.
final class AccountBook {

    private final String payment;
    private final Set<String> operations = new HashSet<>();
    private final List<String> wrong = new ArrayList<>();
    private long authorized;
    private long captured;
    private long refunded;

    AccountBook(String payment) {
        this.payment = payment;
    }

    void see(Fact fact) {
        switch (fact.name()) {
            case "payment-authorized" -> {
                once(fact);
                authorized += fact.minor("amount");
            }
            case "payment-captured" -> {
                once(fact);
                captured += fact.minor("amount");
            }
            case "payment-refunded" -> {
                once(fact);
                refunded += fact.minor("amount");
            }
            case "payment-overcharged" -> {
                wrong.add("%s: was captured again".formatted(payment));
                captured += fact.minor("amount");
            }
            case "payment-refunded-beyond" -> {
                wrong.add("%s: was refunded again".formatted(payment));
                refunded += fact.minor("amount");
            }
            default -> {} // moves no money
        }
    }

    private void once(Fact fact) {
        String operation = fact.name() + " " + fact.number("number");
        if (!operations.add(operation)) {
            wrong.add("%s: %s twice".formatted(payment, operation));
        }
    }

    long captured() {
        return captured;
    }

    long refunded() {
        return refunded;
    }

    List<String> wrong() {
        List<String> all = new ArrayList<>(wrong);
        if (captured > authorized) {
            all.add("%s: %d captured of %d".formatted(payment, captured, authorized));
        }
        if (refunded > captured) {
            all.add("%s: %d refunded of %d".formatted(payment, refunded, captured));
        }
        return all;
    }
}
