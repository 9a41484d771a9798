// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import java.time.Instant;
import java.util.List;

/// What stock tells an order, and how long the order wants it kept.
public final class StockFacts {

    private StockFacts() {}

    public sealed interface Command extends Order.Command {
        /// What the stock items answer to the order's wishes, or have to say by themselves. An
        /// answer that is known already changes nothing.
        ///
        /// @param isOver whether the time for which the stock was kept is over
        record RecordStock(List<LineStock> lines, boolean isOver) implements Command {
            public RecordStock {
                lines = List.copyOf(lines);
            }
        }

        /// Has stock kept longer for an order that is not confirmed.
        record KeepStock(Instant now) implements Command {}
    }

    public sealed interface Event extends Order.Event.Moving {
        /// Something new was heard of stock.
        ///
        /// @param lines those of which something new was heard
        /// @param supply how far the need of all lines is met now
        record OrderStockChanged(List<LineStock> lines, StockBook.Supply supply, Standing standing)
                implements Event {
            public OrderStockChanged {
                lines = List.copyOf(lines);
            }
        }

        record OrderStockKept(Instant until, Standing standing) implements Event {}

        /// Somebody has looked at an order that is not confirmed and let it go on: from now on it
        /// has the time that others have.
        ///
        /// @param until how long its stock is to be kept; earlier than what was said before
        record OrderReviewed(Instant until, Standing standing) implements Event {}
    }
}
