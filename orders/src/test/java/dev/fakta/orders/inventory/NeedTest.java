// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.orders.inventory.StockItem.Command;
import dev.fakta.orders.inventory.StockItem.Event;
import dev.fakta.orders.inventory.StockItem.Refusal;
import dev.fakta.orders.inventory.StockItem.Standing;
import dev.fakta.testkit.Given;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What a line needs of a stock item, in absolute terms, and what comes of it.
class NeedTest {

    private static final Instant NOON = Shelf.NOON;
    private static final Instant SOON = NOON.plus(Duration.ofMinutes(5));
    private static final Instant LATER = NOON.plus(Duration.ofMinutes(20));
    private static final Command BACKORDERS = new Command.AllowBackorders(true);

    private static Standing refused(long revision, long reserved, long refused) {
        return new Standing(revision, reserved, 0, refused, 0, null);
    }

    private static Standing until(Instant end, long revision, long reserved) {
        return new Standing(revision, reserved, 0, 0, 0, end);
    }

    /// What the line is told as the answer to what it needs.
    private static Event.StockStandingChanged standing(
            String order,
            long revision,
            long reserved,
            long waiting,
            long refused,
            long left,
            @Nullable Instant until,
            long reservedInAll,
            long waitingInAll) {
        return new Event.StockStandingChanged(
                order,
                0,
                revision,
                reserved,
                waiting,
                refused,
                left,
                until,
                reservedInAll,
                waitingInAll,
                true);
    }

    /// The same, for another reason than what the line needs.
    private static Event unasked(Event.StockStandingChanged told) {
        return new Event.StockStandingChanged(
                told.order(),
                told.line(),
                told.revision(),
                told.reserved(),
                told.waiting(),
                told.refused(),
                told.left(),
                told.until(),
                told.reservedInAll(),
                told.waitingInAll(),
                false);
    }

    private static Command.Need at(Instant now, String order, long revision, Instant until) {
        return new Command.Need(order, 0, revision, 1L, 0L, 0L, until, now);
    }

    @Nested
    class Leaving {
        @Test
        void units_that_have_left_are_on_hand_and_reserved_no_more() {
            Shelf.of(10)
                    .needs("a", 1, 6, 0)
                    .needs("a", 2, 4, 2)
                    .thenRecords(
                            new Event.StockLeft("a", 0, 2, 2, 2),
                            standing("a", 2, 4, 0, 0, 2, null, 4, 0))
                    .thenOnHand(8)
                    .thenFirm("a", 2, 4, 0, 2);
        }

        @Test
        void the_same_units_leave_once_even_after_the_reservation_is_over() {
            Shelf.of(10)
                    .needs("a", 1, 6, 0)
                    .needs("a", 2, 0, 6)
                    .thenOnHand(4)
                    .needs("a", 2, 0, 6)
                    .thenNothing()
                    .needs("a", 3, 1, 6)
                    .thenOnHand(4)
                    .thenFirm("a", 3, 1, 0, 6);
        }

        @Test
        void a_follower_is_told_of_what_has_left_of_a_line_that_needs_nothing_else() {
            Shelf.of(10)
                    .needs("a", 1, 0, 2)
                    .needs("a", 1, 0, 3)
                    .thenRecords(
                            new Event.StockLeft("a", 0, 1, 0, 3),
                            standing("a", 1, 0, 0, 0, 3, null, 0, 0));
        }

        @Test
        void units_that_were_reserved_for_others_leave_all_the_same() {
            Shelf.of(10)
                    .needs("b", 1, 6, 0)
                    .needsUntil(LATER, "c", 1, 4)
                    .needs("a", 1, 0, 5)
                    .thenOnHand(5)
                    .thenStands("c", new Standing(1, 0, 4, 0, 0, LATER))
                    .thenFirm("b", 1, 5, 1, 0);
        }

        @Test
        void a_line_that_has_fewer_than_left_has_none_afterwards() {
            Shelf.of(10)
                    .needs("a", 1, 2, 0)
                    .needs("a", 2, 1, 5)
                    .thenOnHand(5)
                    .thenFirm("a", 2, 1, 0, 5);
        }

        @Test
        void more_than_there_were_leave_the_item_short_until_goods_come_in() {
            Shelf.of(1)
                    .needs("a", 1, 0, 3)
                    .thenRecords(
                            new Event.StockLeft("a", 0, 3, 0, 3),
                            standing("a", 1, 0, 0, 0, 3, null, 0, 0),
                            new Event.StockFellShort(2))
                    .thenOnHand(-2)
                    .when(new Command.Receive(1L, null))
                    .thenRecords(new Event.StockReceived(1, null), new Event.StockFellShort(1))
                    .when(new Command.Receive(4L, null))
                    .thenRecords(new Event.StockReceived(4, null), new Event.StockFellShort(0))
                    .thenOnHand(3);
        }

        @Test
        void a_count_ends_a_shortage() {
            Shelf.of(1)
                    .needs("a", 1, 0, 3)
                    .when(new Command.Count("tea", null, 0L))
                    .thenRecords(
                            new Event.StockCounted("tea", "main", 0), new Event.StockFellShort(0));
        }

        @Test
        void nobody_writes_off_what_a_short_item_has_not() {
            Given.givenAll(StockItem.AGGREGATE, Shelf.of(1).needs("a", 1, 0, 3).latest())
                    .when(new Command.WriteOff(1L, "broken", null))
                    .thenRejected(Refusal.ON_HAND_INVALID);
        }

        @Test
        void units_of_a_line_that_the_item_has_forgotten_do_not_leave_again() {
            Shelf shelf = Shelf.of(10_000).needs("a", 1, 0, 3);
            forget(shelf);
            shelf.needsKnowing(3, "a", 2, 2, 3) // two of the three are lost and sent again
                    .thenFirm("a", 2, 2, 0, 3)
                    .thenOnHand(9_997 - OTHERS)
                    .needsKnowing(3, "a", 3, 0, 5)
                    .thenFirm("a", 3, 0, 0, 5)
                    .thenOnHand(9_995 - OTHERS);
        }

        @Test
        void what_leaves_of_a_forgotten_line_meanwhile_is_booked() {
            Shelf shelf = Shelf.of(10_000).needs("a", 1, 0, 3);
            forget(shelf);
            shelf.needsKnowing(3, "a", 2, 0, 4)
                    .thenRecords(
                            new Event.StockLeft("a", 0, 1, 0, 4),
                            standing("a", 2, 0, 0, 0, 4, null, 0, 0))
                    .thenOnHand(9_996 - OTHERS);
        }

        @Test
        void a_wish_of_before_the_line_was_forgotten_does_not_have_the_newer_one_book_again() {
            Shelf shelf = Shelf.of(10_000).needs("a", 1, 3, 0).needs("a", 2, 0, 3);
            forget(shelf);
            shelf.needs("a", 1, 3, 0) // it comes late
                    .needsKnowing(3, "a", 3, 1, 3)
                    .thenFirm("a", 3, 1, 0, 3)
                    .thenOnHand(9_997 - OTHERS);
        }

        private static final int OTHERS = EndedLines.MOST_ENDED;

        /// One unit of each of so many other orders leaves, and none needs more.
        private static void forget(Shelf shelf) {
            for (int order = 0; order < OTHERS; order++) {
                shelf.needs("o" + order, 1, 0, 1);
            }
            assertThat(shelf.stock().standing("a", 0)).isEqualTo(Standing.UNKNOWN);
        }
    }

    @Nested
    class Growing {
        @Test
        void what_cannot_be_had_is_refused_as_part_of_the_answer() {
            Shelf.of(4)
                    .needs("a", 1, 6, 0)
                    .thenRecords(
                            new Event.StockRefused("a", 0, 2),
                            standing("a", 1, 4, 0, 2, 0, null, 4, 0))
                    .thenStands("a", refused(1, 4, 2));
        }

        @Test
        void what_was_refused_is_had_by_asking_again() {
            Shelf.of(4)
                    .needs("a", 1, 6, 0)
                    .needs("a", 1, 6, 0)
                    .thenNothing()
                    .when(new Command.Receive(1L, null))
                    .thenStands("a", refused(1, 4, 2))
                    .needs("a", 1, 6, 0)
                    .thenStands("a", refused(1, 5, 1));
        }

        @Test
        void a_line_that_gets_nothing_is_refused_all() {
            Shelf.of(0).needs("a", 1, 6, 0).thenStands("a", refused(1, 0, 6));
        }

        @Test
        void what_may_be_waited_for_comes_when_it_is_there() {
            Shelf.of(4)
                    .when(BACKORDERS)
                    .needs("a", 1, 6, 0)
                    .thenFirm("a", 1, 4, 2, 0)
                    .when(new Command.Receive(9L, null))
                    .thenRecords(
                            new Event.StockReceived(9, null),
                            unasked(standing("a", 1, 6, 0, 0, 0, null, 6, 0)));
        }

        @Test
        void nobody_new_is_served_before_those_who_wait() {
            Shelf.of(4)
                    .when(BACKORDERS)
                    .needs("a", 1, 6, 0)
                    .when(new Command.AllowBackorders(false))
                    .needs("b", 1, 1, 0)
                    .thenStands("b", refused(1, 0, 1))
                    .thenFirm("a", 1, 4, 2, 0);
        }

        @Test
        void displaced_units_wait_whatever_the_item_allows() {
            Shelf.of(4)
                    .needs("a", 1, 4, 0)
                    .when(new Command.Count("tea", null, 1L))
                    .thenFirm("a", 1, 1, 3, 0)
                    .when(new Command.Receive(3L, null))
                    .thenFirm("a", 1, 4, 0, 0);
        }
    }

    @Nested
    class Shrinking {
        @Test
        void units_that_are_waited_for_are_given_up_first() {
            Shelf.of(4)
                    .when(BACKORDERS)
                    .needs("a", 1, 6, 0)
                    .needs("a", 2, 5, 0)
                    .thenFirm("a", 2, 4, 1, 0)
                    .needs("a", 3, 3, 0)
                    .thenFirm("a", 3, 3, 0, 0);
        }

        @Test
        void what_is_freed_goes_to_those_who_wait() {
            Shelf.of(4)
                    .when(BACKORDERS)
                    .needs("a", 1, 4, 0)
                    .needs("b", 1, 3, 0)
                    .needs("a", 2, 0, 0)
                    .thenFirm("b", 1, 3, 0, 0)
                    .thenFirm("a", 2, 0, 0, 0);
        }

        @Test
        void a_line_that_needs_nothing_any_more_does_not_live() {
            Shelf shelf = Shelf.of(4).needs("a", 1, 4, 0).needs("a", 2, 0, 0);
            assertThat(shelf.stock().reservations().live()).isEmpty();
            assertThat(shelf.stock().available()).isEqualTo(4);
        }
    }

    @Nested
    class Repeating {
        @Test
        void an_older_revision_changes_nothing_even_after_the_reservation_is_over() {
            Shelf.of(10)
                    .needs("a", 3, 0, 2)
                    .needs("a", 2, 6, 1)
                    .thenNothing()
                    .thenFirm("a", 3, 0, 0, 2)
                    .thenOnHand(8);
        }

        @Test
        void the_same_wish_of_a_newer_revision_is_known_by_that() {
            Shelf.of(10)
                    .needs("a", 1, 6, 0)
                    .needs("a", 3, 6, 0)
                    .thenFirm("a", 3, 6, 0, 0)
                    .needs("a", 2, 1, 0)
                    .thenNothing();
        }

        @Test
        void nothing_is_known_of_a_line_that_nobody_asked_for() {
            Shelf.of(10).thenStands("a", Standing.UNKNOWN);
        }

        @Test
        void the_latest_lines_that_are_over_are_known() {
            Shelf shelf = Shelf.of(1_000_000);
            for (int order = 0; order <= EndedLines.MOST_ENDED; order++) {
                shelf.needs("o" + order, 1, 0, 1);
            }
            EndedLines ended = shelf.stock().reservations().ended();
            assertThat(ended.lines()).hasSize(EndedLines.MOST_ENDED).doesNotContainKey("o0/0");
            assertThat(ended.places()).hasSize(EndedLines.MOST_ENDED);
            shelf.needs("o1", 1, 0, 1).thenNothing();
        }
    }

    @Nested
    class Ending {
        @Test
        void a_later_time_extends_an_earlier_one_does_not_and_none_makes_it_firm() {
            Shelf.of(10)
                    .needsUntil(SOON, "a", 1, 6)
                    .needsUntil(LATER, "a", 2, 6)
                    .needsUntil(SOON, "a", 3, 6)
                    .when(new Command.EndReservations(SOON))
                    .thenNothing()
                    .thenStands("a", until(LATER, 3, 6))
                    .needs("a", 4, 6, 0)
                    .needsUntil(LATER, "a", 5, 6)
                    .when(new Command.EndReservations(LATER.plusSeconds(3_600)))
                    .thenFirm("a", 5, 6, 0, 0);
        }

        @Test
        void what_is_over_is_ended_when_its_time_has_come_and_not_before() {
            Shelf.of(10)
                    .when(BACKORDERS)
                    .needsUntil(SOON, "a", 1, 6)
                    .needs("b", 1, 5, 0)
                    .when(new Command.EndReservations(SOON.minusMillis(1)))
                    .thenNothing()
                    .when(new Command.EndReservations(SOON))
                    .thenStands("a", until(SOON, 1, 0))
                    .thenFirm("b", 1, 5, 0, 0);
        }

        @Test
        void the_next_quarter_hour_with_an_end_is_told_when_it_changes() {
            Instant quarter = NOON.plus(Quarter.LENGTH);
            Instant later = quarter.plus(Quarter.LENGTH);
            Shelf.of(10)
                    .needsUntil(later, "a", 1, 1)
                    .thenRecords(
                            standing("a", 1, 1, 0, 0, 0, later, 1, 0),
                            new Event.StockEndsAwaited(later))
                    .needsUntil(SOON, "b", 1, 1)
                    .thenRecords(
                            standing("b", 1, 1, 0, 0, 0, SOON, 2, 0),
                            new Event.StockEndsAwaited(quarter))
                    .needsUntil(SOON.plusSeconds(1), "c", 1, 1)
                    .thenRecords(standing("c", 1, 1, 0, 0, 0, SOON.plusSeconds(1), 3, 0))
                    .when(new Command.EndReservations(quarter))
                    .thenRecords(
                            unasked(standing("b", 1, 0, 0, 0, 0, SOON, 2, 0)),
                            unasked(standing("c", 1, 0, 0, 0, 0, SOON.plusSeconds(1), 1, 0)),
                            new Event.StockEndsAwaited(later))
                    .when(new Command.EndReservations(later))
                    .thenRecords(
                            unasked(standing("a", 1, 0, 0, 0, 0, later, 0, 0)),
                            new Event.StockEndsAwaited(null))
                    .when(new Command.EndReservations(later))
                    .thenNothing();
        }

        @Test
        void a_wish_whose_time_is_over_gets_nothing() {
            Shelf.of(10)
                    .needsUntil(NOON, "a", 1, 6)
                    .thenFirm("a", 1, 0, 0, 0)
                    .needsUntil(NOON, "a", 1, 6)
                    .thenNothing();
        }

        @Test
        void a_late_repetition_ends_its_own_reservation() {
            Shelf.of(10)
                    .needsUntil(SOON, "a", 1, 1)
                    .when(at(SOON, "a", 1, SOON))
                    .thenStands("a", until(SOON, 1, 0));
        }

        @Test
        void what_is_over_is_extended_when_nobody_else_had_it_meanwhile() {
            Shelf.of(1)
                    .needsUntil(SOON, "a", 1, 1)
                    .when(at(LATER, "a", 2, LATER.plusSeconds(60)))
                    .thenStands("a", until(LATER.plusSeconds(60), 2, 1));
        }
    }

    @Test
    void a_need_is_an_order_a_line_a_revision_units_and_times() {
        Long one = 1L;
        Long none = 0L;
        refuse(need(null, 0, one, one, none, none, null), Refusal.ORDER_INVALID);
        refuse(need("a", -1, one, one, none, none, null), Refusal.LINE_INVALID);
        refuse(need("a", 0, none, one, none, none, null), Refusal.REVISION_INVALID);
        refuse(need("a", 0, null, one, none, none, null), Refusal.REVISION_INVALID);
        refuse(need("a", 0, one, -1L, none, none, null), Refusal.UNITS_INVALID);
        refuse(need("a", 0, one, one, null, none, null), Refusal.UNITS_INVALID);
        refuse(need("a", 0, one, one, one, 2L, null), Refusal.UNITS_INVALID);
        refuse(need("a", 0, one, one, one, -1L, null), Refusal.UNITS_INVALID);
        refuse(need("a", 0, one, one, one, null, null), Refusal.UNITS_INVALID);
        refuse(need("a", 0, one, one, none, none, Instant.MAX), Refusal.TIME_INVALID);
        refuse(new Command.Need("a", 0, 1L, 1L, 0L, 0L, null, null), Refusal.TIME_INVALID);
        refuse(new Command.EndReservations(null), Refusal.TIME_INVALID);
    }

    private static Command need(
            @Nullable String order,
            int line,
            @Nullable Long revision,
            Long units,
            @Nullable Long left,
            @Nullable Long booked,
            @Nullable Instant until) {
        return new Command.Need(order, line, revision, units, left, booked, until, NOON);
    }

    private static void refuse(Command command, Refusal refusal) {
        Given.given(StockItem.AGGREGATE).when(command).thenRejected(refusal);
        assertThat(refusal.detail()).endsWith(".");
    }
}
