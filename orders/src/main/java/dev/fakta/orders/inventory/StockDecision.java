// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Decision;
import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.orders.inventory.StockItem.Event;
import dev.fakta.orders.inventory.StockItem.Refusal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a stock item decides. Every decision that frees units, or lets them go missing, ends with
/// the events that serve who waits, or that make wait who was served.
record StockDecision(StockItem stock) {

    Decision<Event> on(Command command) {
        Refusal fault = StockCheck.fault(command);
        return fault == null ? onSound(command) : reject(fault);
    }

    private Decision<Event> onSound(Command command) {
        return switch (command) {
            case Command.Count(String sku, var location, Long units) ->
                    count(sku, location == null ? StockItem.MAIN : location, units);
            case Command.Receive(Long units, var reference, _) ->
                    move(units, reference, new Event.StockReceived(units, reference));
            case Command.Restock(Long units, var reference) ->
                    move(units, reference, new Event.StockRestocked(units, reference));
            case Command.Adjust(Long change, var reason, var reference, _) ->
                    move(
                            change,
                            reference,
                            new Event.StockAdjusted(change, orEmpty(reason), reference));
            case Command.WriteOff(Long units, var reason, var reference, _) ->
                    move(
                            -units,
                            reference,
                            new Event.StockWrittenOff(units, orEmpty(reason), reference));
            case Command.ChangeSafetyStock(Long units, _) ->
                    units == stock.safetyStock()
                            ? accept()
                            : served(new Event.SafetyStockChanged(units));
            case Command.AllowBackorders(Boolean allowed, _) ->
                    allowed == stock.backorders()
                            ? accept()
                            : accept(new Event.BackordersAllowed(allowed));
            case Command.FillBackorders _ -> served();
            case Command.Need(
                            String order,
                            Integer line,
                            Long revision,
                            Long units,
                            Long left,
                            Long booked,
                            var until,
                            Instant now) ->
                    new NeedDecision(stock, order, line, revision, units, left, booked, until, now)
                            .decided();
            case Command.EndReservations(Instant now) -> endOver(now);
        };
    }

    private Decision<Event> count(String sku, String location, long units) {
        return stock.counted() && units == stock.onHand()
                ? accept()
                : served(new Event.StockCounted(sku, location, units));
    }

    private Decision<Event> move(long change, @Nullable String reference, Event event) {
        if (stock.remembers(reference)) {
            return accept();
        }
        long after = stock.onHand() + change;
        boolean isTooFew = change < 0 && after < 0; // what comes in ends a shortage step by step
        return isTooFew || after > StockCheck.MOST_ON_HAND
                ? reject(Refusal.ON_HAND_INVALID)
                : served(event);
    }

    private Decision<Event> endOver(Instant now) {
        StockDraft draft = new StockDraft(stock);
        draft.endOver(now, "");
        draft.noteEnds(now);
        draft.follow();
        return draft.accepted();
    }

    /// Accepts with these events and with those that follow from them.
    private Decision<Event> served(Event... events) {
        StockDraft draft = new StockDraft(stock);
        for (Event event : events) {
            draft.record(event);
        }
        return draft.followed();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text.strip();
    }
}
