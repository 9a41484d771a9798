// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.HybridTime;
import dev.fakta.runtime.core.CommandWindow.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CommandWindowTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration DAY_AND_HOUR = CommandWindow.OLDEST.plusHours(1);

    private final Random bits = new Random(1);
    private final List<UUID> ids = new ArrayList<>();
    private CommandWindow window = new CommandWindow();

    private boolean add(int commands, Instant time) {
        boolean isYoungLost = false;
        for (int i = 0; i < commands; i++) {
            UUID id = new UUID(bits.nextLong(), bits.nextLong());
            ids.add(id);
            isYoungLost |= window.add(id, 0, ids.size(), HybridTime.of(time));
        }
        return isYoungLost;
    }

    private List<UUID> remembered() {
        return window.oldestFirst().stream().map(Seen::id).toList();
    }

    private static Instant minute(int number) {
        return START.plus(Duration.ofMinutes(number));
    }

    @Test
    void every_command_of_ten_minutes_is_remembered_whatever_their_number() {
        for (int minute = 0; minute <= 10; minute++) {
            add(10_000, minute(minute));
        }
        assertThat(window.size()).isEqualTo(110_000);
        assertThat(ids).allMatch(id -> window.find(id) != null);
        assertThat(window.find(UUID.randomUUID())).isNull();
    }

    @Test
    void commands_older_than_ten_minutes_are_forgotten() {
        boolean isYoungLost = false;
        for (int minute = 0; minute <= 20; minute++) {
            isYoungLost |= add(1_000, minute(minute));
        }
        assertThat(remembered()).isEqualTo(ids.subList(10_000, ids.size()));
        assertThat(window.find(ids.get(9_999))).isNull();
        assertThat(isYoungLost).isFalse();
    }

    @Test
    void the_newest_are_remembered_for_a_day() {
        for (int minute = 0; minute <= 10 * 60; minute++) {
            add(1, minute(minute));
        }
        assertThat(remembered())
                .isEqualTo(ids.subList(ids.size() - CommandWindow.MANY, ids.size()));
    }

    @Test
    void a_clock_set_ahead_by_more_than_a_day_does_not_make_it_forget_what_came_just_before() {
        add(5_000, START);
        assertThat(add(5_000, START.plus(DAY_AND_HOUR))).isFalse();
        assertThat(window.size()).isEqualTo(10_000);
        assertThat(window.find(ids.getFirst())).isNotNull();
    }

    @Test
    void of_commands_older_than_a_day_it_keeps_only_the_newest() {
        add(100, START);
        for (int minute = 0; minute <= 12; minute++) {
            add(1, minute(minute).plus(DAY_AND_HOUR));
        }
        assertThat(remembered())
                .isEqualTo(ids.subList(ids.size() - CommandWindow.LEAST, ids.size()));
    }

    @Test
    void it_is_full_until_its_oldest_command_is_ten_minutes_old() {
        window = new CommandWindow(100);
        for (int minute = 0; minute < 10; minute++) {
            assertThat(window.hasNoRoom()).isFalse();
            add(10, minute(minute));
        }
        assertThat(window.hasNoRoom()).isTrue();
        assertThat(window.isFull(HybridTime.of(minute(10)))).isTrue();
        assertThat(window.isFull(HybridTime.of(minute(11)))).isFalse();
        add(10, minute(11));
        assertThat(remembered()).isEqualTo(ids.subList(10, ids.size()));
    }

    @Test
    void it_says_when_it_forgets_a_command_that_may_be_young() {
        window = new CommandWindow(100);
        add(100, START);
        assertThat(add(1, START.plus(DAY_AND_HOUR))).isTrue();
        assertThat(window.find(ids.getFirst())).isNull();
    }

    @Test
    void a_full_one_takes_no_more_memory_than_is_said() {
        add(CommandWindow.MOST, START);
        assertThat(window.find(ids.getFirst())).isNotNull();
        assertThat(window.bytes()).isLessThanOrEqualTo(24 << 20);
        assertThat(window.isFull(HybridTime.of(START))).isTrue();
        assertThat(add(1, START)).isTrue();
        assertThat(window.find(ids.getLast())).isNotNull();
        assertThat(window.bytes()).isLessThanOrEqualTo(24 << 20);
    }

    @Test
    void it_gives_memory_back() {
        add(100_000, START);
        assertThat(window.find(ids.getFirst())).isNotNull();
        for (int minute = 1; minute <= 30; minute++) {
            add(1, minute(minute));
        }
        assertThat(window.bytes()).isLessThan(1 << 20);
        assertThat(remembered()).isEqualTo(ids.subList(ids.size() - 256, ids.size()));
        assertThat(window.find(ids.getLast())).isNotNull();
    }

    /// The same in a list.
    private record Model(List<Seen> seen) {
        void add(Seen next, int most) {
            if (!seen.isEmpty() && seen.getLast().id().equals(next.id())) {
                seen.removeLast();
            }
            seen.add(next);
            while (seen.size() > Math.max(most, CommandWindow.LEAST) || isForgotten(next)) {
                seen.removeFirst();
            }
        }

        private boolean isForgotten(Seen newest) {
            long counted = 0;
            for (int i = 1; i < seen.size(); i++) {
                counted +=
                        Math.min(
                                seen.get(i).time() - seen.get(i - 1).time(),
                                HybridTime.span(CommandWindow.LONGEST_GAP));
            }
            boolean isOld =
                    newest.time() - seen.getFirst().time() > HybridTime.span(CommandWindow.OLDEST);
            return seen.size() > CommandWindow.LEAST
                    && counted > HybridTime.span(CommandWindow.YOUNG)
                    && (seen.size() > CommandWindow.MANY || isOld);
        }

        boolean finds(UUID id, Seen found) {
            return seen.reversed().stream()
                    .filter(one -> one.id().equals(id))
                    .findFirst()
                    .orElse(NONE)
                    .equals(found);
        }
    }

    private static final Seen NONE = new Seen(new UUID(0, 0), 0, 0, 0);

    @Test
    void it_does_what_its_description_says_with_any_commands() {
        for (int seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            int most = 40 + random.nextInt(400);
            int pace = 1 + random.nextInt(20);
            CommandWindow tested = new CommandWindow(most);
            Model model = new Model(new ArrayList<>());
            long time = HybridTime.of(START);
            for (int i = 1; i <= 2_000; i++) {
                boolean isJump = random.nextInt(300) == 0;
                time += HybridTime.span(Duration.ofSeconds(isJump ? 90_000 : random.nextInt(pace)));
                UUID id = new UUID(7, random.nextInt(3_000));
                boolean _ = tested.add(id, i, i, time);
                model.add(new Seen(id, i, i, time), most);
                UUID wanted = new UUID(7, random.nextInt(3_000));
                Seen found = tested.find(wanted);
                assertThat(model.finds(wanted, found == null ? NONE : found)).isTrue();
                if (i % 100 == 0) {
                    assertThat(tested.oldestFirst()).isEqualTo(model.seen());
                }
            }
        }
    }
}
