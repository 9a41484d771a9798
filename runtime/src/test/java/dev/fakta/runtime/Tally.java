// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import dev.fakta.domain.View;

/// A sum with a limit: the aggregate of this module's tests.
public record Tally(long sum, long limit) {

    public static final long LIMIT = 1_000_000_000;

    /// An amount that the view cannot bear.
    public static final long UNLUCKY = 13;

    /// An amount that recurses without end in the view.
    public static final long ENDLESS = 100_013;

    /// An amount that the JVM fails on in the view.
    static final long DEADLY = 100_014;

    /// An amount that cannot be folded.
    public static final long UNFOLDABLE = 100_015;

    public sealed interface Command {
        record Add(long amount) implements Command {}

        record Break() implements Command {}

        /// Has the decider throw an error of this name.
        record Err(String error) implements Command {}
    }

    public sealed interface Event {
        record Added(long amount) implements Event {}
    }

    public enum Refusal implements Rejection {
        OVER_LIMIT
    }

    public static final Aggregate<Command, Event, Tally> AGGREGATE =
            Aggregate.named("tally")
                    .taking(Command.class)
                    .startingAs(new Tally(0, LIMIT))
                    .deciding(Tally::decide)
                    .evolving(Tally::evolve)
                    .event("tally-added", Event.Added.class);

    /// One row per tally: its sum, and the number of events that made it.
    public static final View SUMS =
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
                                if (added.amount() == DEADLY) {
                                    throw new InternalError("deadly amount");
                                }
                                sql.run(
                                        "insert into tally values (?, ?, 1) on conflict (id) do update set sum = tally.sum + excluded.sum, events = tally.events + 1",
                                        at.id(),
                                        added.amount());
                            });

    Decision<Event> decide(Command command) {
        return switch (command) {
            case Command.Break _ -> throw new IllegalStateException("broken");
            case Command.Err(var error) ->
                    throw switch (error) {
                        case "assertion" -> new AssertionError("broken");
                        case "stack" -> new StackOverflowError("broken");
                        default -> new NoClassDefFoundError("broken");
                    };
            case Command.Add(var amount) when amount == 0 -> Decision.accept();
            case Command.Add(var amount) when sum + amount > limit ->
                    Decision.reject(Refusal.OVER_LIMIT);
            case Command.Add(var amount) -> Decision.accept(new Event.Added(amount));
        };
    }

    Tally evolve(Event event) {
        return switch (event) {
            case Event.Added(var amount) when amount == UNFOLDABLE ->
                    throw new AssertionError("unfoldable amount");
            case Event.Added(var amount) -> new Tally(sum + amount, limit);
        };
    }
}
