// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// All rules over all facts of a run.
final class Audit {

    private final List<Rule> rules;

    /// @param ledger the provider's answer to `GET /ledger`
    /// @param timed the orders that have a live timer
    Audit(JsonNode ledger, Set<String> timed) {
        this.rules =
                List.of(
                        new NoOversell(),
                        new CodesWithinLimits(),
                        new MovedOnce(),
                        new SameAsLedger(ledger),
                        new EndedOrTimed(timed),
                        new NothingLeftBehind());
    }

    void see(Fact fact) {
        rules.forEach(rule -> rule.see(fact));
    }

    /// What does not hold, each with what must.
    List<String> wrong() {
        return rules.stream()
                .flatMap(rule -> rule.wrong().stream().map(what -> rule.promise() + ": " + what))
                .toList();
    }

    /// The promises of which nothing was seen: of these the audit proves nothing.
    List<String> unproven() {
        return rules.stream().filter(rule -> rule.looked() == 0).map(Rule::promise).toList();
    }
}
