// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.util.List;

/// What campaigns tell an order of its codes.
public final class CodeFacts {

    private CodeFacts() {}

    public sealed interface Command extends Order.Command {
        /// What the campaigns answer to the order's wishes, or have to say by themselves. An answer
        /// that is known already, or older than what is known, changes nothing.
        record RecordCodes(List<CodeStanding> codes) implements Command {
            public RecordCodes {
                codes = List.copyOf(codes);
            }
        }
    }

    public sealed interface Event extends Order.Event.Moving {
        /// Something new was heard of codes.
        ///
        /// @param codes those of which something new was heard
        record OrderCodesChanged(List<CodeStanding> codes, Standing standing) implements Event {
            public OrderCodesChanged {
                codes = List.copyOf(codes);
            }
        }
    }
}
