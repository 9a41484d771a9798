// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.View;

/// The events of this module's tests, and a view of them.
final class Tally {

    /// An amount that the view cannot bear.
    static final long UNLUCKY = 13;

    /// An amount that recurses without end in the view.
    static final long ENDLESS = 100_013;

    sealed interface Event {
        record Added(long amount) implements Event {}
    }

    /// One row per tally: its sum, and the number of events that made it.
    static final View SUMS =
            View.named("sums")
                    .table(
                            "create table tally (id text primary key, sum bigint not null, events bigint not null)")
                    .on(
                            Event.Added.class,
                            (added, at, sql) -> {
                                if (added.amount() == UNLUCKY) {
                                    throw new IllegalStateException("unlucky amount");
                                }
                                if (added.amount() == ENDLESS) {
                                    throw new StackOverflowError("endless amount");
                                }
                                sql.run(
                                        "insert into tally values (?, ?, 1) on conflict (id) do update set sum = tally.sum + excluded.sum, events = tally.events + 1",
                                        at.id(),
                                        added.amount());
                            });

    private Tally() {}
}
