// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

import dev.fakta.chaos.History.Call;
import dev.fakta.chaos.History.Kind;
import dev.fakta.chaos.History.Outcome;
import dev.fakta.chaos.LoggedOrders.Fact;
import dev.fakta.chaos.RegisterCheck.Access;
import dev.fakta.chaos.RegisterCheck.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Compares what clients were told with what the log has.
final class HistoryCheck {

    private final History history;
    private final LoggedOrders logged;
    private final Verdict verdict;

    private HistoryCheck(History history, LoggedOrders logged, Verdict verdict) {
        this.history = history;
        this.logged = logged;
        this.verdict = verdict;
    }

    static void check(History history, LoggedOrders logged, Verdict verdict) {
        HistoryCheck check = new HistoryCheck(history, logged, verdict);
        verdict.add(
                "every answer makes sense while it happens (G7: a token's list has what it saw)",
                history.size(),
                List.copyOf(history.findings()));
        check.creations();
        check.noOrderTwice();
        check.notes();
        check.ifMatch();
        check.registers();
    }

    private void creations() {
        List<String> wrong = new ArrayList<>();
        long looked = 0;
        for (Call call : history.creations()) {
            if (call.outcome() != Outcome.OK) {
                continue;
            }
            looked++;
            List<Fact> facts = logged.of(call.order());
            if (facts.isEmpty()) {
                wrong.add("order %s of %s is lost".formatted(call.order(), call.key()));
            } else if (!isOrderOf(call.key(), facts.getFirst())) {
                wrong.add("order %s of %s is %s".formatted(call.order(), call.key(), facts));
            }
        }
        verdict.add("G1: every acknowledged order is in the log as it was sent", looked, wrong);
    }

    private static boolean isOrderOf(String key, Fact fact) {
        return fact.isCreation()
                && key.equals(fact.customer())
                && (key + "@example.com").equals(fact.email())
                && fact.quantity() == Workload.quantity(key);
    }

    private void noOrderTwice() {
        Map<String, String> ids = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        logged.orders()
                .forEach(
                        (id, facts) -> {
                            long creations = facts.stream().filter(Fact::isCreation).count();
                            String before =
                                    ids.put(String.valueOf(facts.getFirst().customer()), id);
                            if (before != null || creations != 1) {
                                wrong.add(
                                        "%s created %d times; its key also made %s"
                                                .formatted(id, creations, before));
                            }
                        });
        verdict.add("G6: no key made two orders, no order was created twice", ids.size(), wrong);
    }

    private void notes() {
        List<String> lost = new ArrayList<>();
        List<String> twice = new ArrayList<>();
        List<String> ghosts = new ArrayList<>();
        long looked = 0;
        for (String order : history.orders()) {
            Map<String, Long> found = new HashMap<>();
            for (Fact fact : logged.of(order)) {
                String text = String.valueOf(fact.text());
                if (fact.isNote() && found.put(text, fact.revision()) != null) {
                    twice.add("note %s of order %s".formatted(text, order));
                }
            }
            for (Call call : history.of(order)) {
                if (call.kind() != Kind.NOTE) {
                    continue;
                }
                looked++;
                Long revision = found.remove(call.key());
                if (call.outcome() == Outcome.OK
                        && (revision == null || revision != call.revision())) {
                    lost.add("%s is at revision %s".formatted(call, revision));
                } else if (call.outcome() == Outcome.REFUSED && revision != null) {
                    ghosts.add("%s is at revision %d".formatted(call, revision));
                }
            }
            found.forEach(
                    (text, _) -> ghosts.add("note %s of %s: nobody's".formatted(text, order)));
        }
        verdict.add("G1: every acknowledged note is at the revision that was told", looked, lost);
        verdict.add("G6: no note twice", looked, twice);
        verdict.add("G6: no note that was refused, or that nobody sent", looked, ghosts);
    }

    private void ifMatch() {
        List<String> wrong = new ArrayList<>();
        long looked = 0;
        for (String order : history.orders()) {
            for (Call call : history.of(order)) {
                if (call.expected() > 0 && call.outcome() == Outcome.OK) {
                    looked++;
                    if (call.revision() != call.expected() + 1) {
                        wrong.add(call.toString());
                    }
                }
            }
        }
        verdict.add("If-Match: success moved the revision by one from the expected", looked, wrong);
    }

    private void registers() {
        List<String> wrong = new ArrayList<>();
        long looked = 0;
        for (String order : history.orders()) {
            Map<String, Long> found = new HashMap<>();
            logged.of(order)
                    .forEach(fact -> found.put(String.valueOf(fact.text()), fact.revision()));
            List<Seen> calls = new ArrayList<>();
            for (Call call : history.of(order)) {
                boolean isKnown = call.outcome() == Outcome.OK;
                Long revision = isKnown ? Long.valueOf(call.revision()) : found.get(call.key());
                if (revision == null || call.outcome() == Outcome.REFUSED) {
                    continue;
                }
                switch (call.kind()) {
                    case NOTE, CREATE -> calls.add(seen(call, Access.WRITE, revision));
                    case READ -> calls.add(seen(call, Access.READ, revision));
                    case LIST -> {} // a view may be behind: its promise is the token
                }
            }
            looked += calls.size();
            wrong.addAll(RegisterCheck.check(order, calls));
        }
        verdict.add("each order is linearizable: notes and reads in one order", looked, wrong);
    }

    private static Seen seen(Call call, Access access, long revision) {
        String what =
                "%s %s [%.3f s to %.3f s]"
                        .formatted(call.kind(), call.key(), call.start() / 1e9, call.end() / 1e9);
        return new Seen(what, access, revision, call.start(), call.end());
    }
}
