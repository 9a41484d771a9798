// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.HybridTime;
import dev.fakta.runtime.CommandWindow.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CommandWindowTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration DAY_AND_HOUR = CommandWindow.OLDEST.plusHours(1);

    private final CommandWindow window = new CommandWindow();
    private final List<UUID> ids = new ArrayList<>();

    private void add(int commands, Instant time) {
        for (int i = 0; i < commands; i++) {
            UUID id = UUID.randomUUID();
            ids.add(id);
            window.add(id, 0, ids.size(), HybridTime.of(time));
        }
    }

    private List<UUID> remembered() {
        return window.oldestFirst().stream().map(Seen::id).toList();
    }

    @Test
    void a_clock_set_ahead_by_more_than_a_day_does_not_make_it_forget_what_came_just_before() {
        add(1, START);
        add(1, START.plus(DAY_AND_HOUR));
        assertThat(window.find(ids.getFirst())).isNotNull();
    }

    @Test
    void of_commands_older_than_a_day_it_keeps_only_the_newest() {
        add(100, START);
        add(1, START.plus(DAY_AND_HOUR));
        assertThat(remembered())
                .isEqualTo(ids.subList(ids.size() - CommandWindow.LEAST, ids.size()));
    }

    @Test
    void commands_of_one_day_are_kept_up_to_the_bound() {
        add(CommandWindow.MOST + 10, START);
        assertThat(remembered()).isEqualTo(ids.subList(10, ids.size()));
    }
}
