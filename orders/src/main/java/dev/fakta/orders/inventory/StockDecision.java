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
            case Command.Receive(Long units, var reference) ->
                    move(units, reference, new Event.StockReceived(units, reference));
            case Command.Restock(Long units, var reference) ->
                    move(units, reference, new Event.StockRestocked(units, reference));
            case Command.Adjust(Long change, var reason, var reference) ->
                    move(
                            change,
                            reference,
                            new Event.StockAdjusted(change, orEmpty(reason), reference));
            case Command.WriteOff(Long units, var reason, var reference) ->
                    move(
                            -units,
                            reference,
                            new Event.StockWrittenOff(units, orEmpty(reason), reference));
            case Command.ChangeSafetyStock(Long units) ->
                    units == stock.safetyStock()
                            ? accept()
                            : served(new Event.SafetyStockChanged(units));
            case Command.AllowBackorders(Boolean allowed) ->
                    allowed == stock.backorders()
                            ? accept()
                            : accept(new Event.BackordersAllowed(allowed));
            case Command.FillBackorders _ -> served();
            case Command.Reserve(
                            String order,
                            Integer line,
                            Long units,
                            Instant expiresAt,
                            var backorder) ->
                    reserve(order, line, units, expiresAt, backorder);
            case Command.Ship(String order, Integer line, String shipment, Long units) ->
                    stock.remembers(StockItem.shipping(order, line, shipment))
                            ? accept()
                            : ship(of(order, line), shipment, units);
            case Command.ExtendReservation(String order, Integer line, Instant expiresAt) ->
                    extend(of(order, line), expiresAt);
            case Command.ConfirmReservation(String order, Integer line, var waiting) ->
                    confirm(of(order, line), waiting);
            case Command.ReleaseReservation(String order, Integer line, var keep) ->
                    release(of(order, line), keep == null ? 0 : keep);
            case Command.ExpireReservation(String order, Integer line, Instant at) ->
                    expire(of(order, line), at);
            case Command.Need(
                            String order,
                            Integer line,
                            Long revision,
                            Long units,
                            Long left,
                            var until,
                            Instant now) ->
                    new NeedDecision(stock, order, line, revision, units, left, until, now)
                            .decided();
            case Command.EndReservations(Instant now) -> endOver(now);
        };
    }

    private @Nullable Reservation of(String order, int line) {
        return stock.reservations().of(order, line);
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

    private Decision<Event> reserve(
            String order, int line, long units, Instant expiresAt, boolean backorder) {
        Reservation earlier = of(order, line);
        if (earlier != null) {
            return earlier.asked() == units ? accept() : reject(Refusal.RESERVATION_DIFFERS);
        }
        if (!stock.hasRoomForMore()) {
            return reject(Refusal.TOO_MANY_RESERVATIONS);
        }
        long now = Math.min(units, stock.available());
        if (now == units) {
            return accept(new Event.StockReserved(order, line, units, expiresAt));
        }
        if (!backorder && !stock.backorders()) {
            return reject(Refusal.OUT_OF_STOCK);
        }
        Event waiting = new Event.StockBackordered(order, line, units - now, expiresAt);
        return now == 0
                ? accept(waiting)
                : accept(new Event.StockReserved(order, line, now, expiresAt), waiting);
    }

    private static Decision<Event> extend(@Nullable Reservation reservation, Instant expiresAt) {
        if (reservation == null) {
            return reject(Refusal.UNKNOWN_RESERVATION);
        }
        Instant earlier = reservation.expiresAt();
        return earlier == null || !expiresAt.isAfter(earlier)
                ? accept()
                : accept(
                        new Event.StockReservationExtended(
                                reservation.order(), reservation.line(), expiresAt));
    }

    private static Decision<Event> confirm(
            @Nullable Reservation reservation, @Nullable Long waiting) {
        if (reservation == null) {
            return reject(Refusal.UNKNOWN_RESERVATION);
        }
        if (reservation.isConfirmed()) {
            return accept();
        }
        return waiting == null || waiting == reservation.backordered()
                ? accept(
                        new Event.StockReservationConfirmed(
                                reservation.order(), reservation.line()))
                : reject(Refusal.WAITING_DIFFERS);
    }

    private Decision<Event> release(@Nullable Reservation reservation, long keep) {
        if (reservation == null || reservation.open() <= reservation.left(keep)) {
            return accept();
        }
        long freed = reservation.open() - reservation.left(keep);
        long unfilled = Math.min(freed, reservation.backordered());
        return served(
                new Event.StockReleased(
                        reservation.order(), reservation.line(), freed - unfilled, unfilled));
    }

    private Decision<Event> expire(@Nullable Reservation reservation, Instant at) {
        Instant expiresAt = reservation == null ? null : reservation.expiresAt();
        if (reservation == null || expiresAt == null) {
            return accept();
        }
        if (at.isBefore(expiresAt)) {
            return reject(Refusal.NOT_EXPIRED);
        }
        StockDraft draft = new StockDraft(stock);
        draft.end(reservation);
        return draft.followed();
    }

    private Decision<Event> endOver(Instant now) {
        StockDraft draft = new StockDraft(stock);
        draft.endOver(now, "");
        draft.noteEnds(now);
        draft.follow();
        return draft.accepted();
    }

    private Decision<Event> ship(@Nullable Reservation reservation, String shipment, long units) {
        if (reservation == null) {
            return reject(Refusal.UNKNOWN_RESERVATION);
        }
        if (reservation.shipments().contains(shipment)) {
            return accept();
        }
        if (!reservation.isConfirmed()) {
            return reject(Refusal.NOT_CONFIRMED);
        }
        if (reservation.reserved() < units) {
            return reject(Refusal.NOT_RESERVED);
        }
        StockDraft draft = new StockDraft(stock);
        draft.record(
                new Event.StockShipped(reservation.order(), reservation.line(), shipment, units));
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
