// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.money.Money;
import java.util.List;

/// What returns tell an order. Asking for one reserves its units, so that two returns never share
/// one (R1); closing it gives them back or credits them.
public final class ReturnFacts {

    private ReturnFacts() {}

    public sealed interface Command extends Order.Command {
        String returnId();

        record RecordReturnRequested(String returnId, List<LineUnits> lines) implements Command {}

        record RecordReturnReceived(String returnId) implements Command {}

        /// The return is over. What is given back for it is the order's to say: [Order#refundFor].
        ///
        /// @param lines what was taken back; none: the return came to nothing
        record RecordReturnClosed(String returnId, List<LineUnits> lines) implements Command {}
    }

    public sealed interface Event extends Order.Event.Moving {
        record OrderReturnRequested(String returnId, List<LineUnits> lines, Standing standing)
                implements Event {
            public OrderReturnRequested {
                lines = List.copyOf(lines);
            }
        }

        record OrderReturnReceived(String returnId, Standing standing) implements Event {}

        record OrderReturnClosed(
                String returnId, List<LineUnits> lines, Money refund, Standing standing)
                implements Event {
            public OrderReturnClosed {
                lines = List.copyOf(lines);
            }
        }
    }
}
