// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.util.List;

/// One invariant. It sees all facts, those of one aggregate in their order; facts of different
/// aggregates can come in any order.
interface Rule {

    /// What must hold, in a sentence.
    String promise();

    void see(Fact fact);

    /// What does not hold, a sentence each. Asked once, after the last fact.
    List<String> wrong();

    /// How many things were looked at: a rule that saw nothing proves nothing.
    long looked();
}
