// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.orders.money.Money;
import java.util.List;

/// What returns tell an order. Asking for one reserves its units, so that two returns never share
/// one (R1); closing it gives them back or credits them.
public final class ReturnFacts {

    private ReturnFacts() {}

    public sealed interface Command extends Order.Command {
        record RecordReturnRequested(String returnId, List<LineUnits> lines) implements Command {}

        record RecordReturnReceived(String returnId) implements Command {}

        /// The return is over.
        ///
        /// @param lines what was taken back; none: the return came to nothing
        /// @param refund what [Order#refundFor] says; another amount is refused
        record RecordReturnClosed(String returnId, List<LineUnits> lines, Money refund)
                implements Command {}
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
