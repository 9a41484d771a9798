// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;

/// The least that an aggregate can be.
record Counter(long count) {

    sealed interface Command {
        record Increment(long by) implements Command {}
    }

    sealed interface Event {
        record Incremented(long by) implements Event {}
    }

    static final Aggregate<Command, Event, Counter> AGGREGATE =
            Aggregate.named("counter")
                    .taking(Command.class)
                    .startingAs(new Counter(0))
                    .deciding(Counter::decide)
                    .evolving(Counter::evolve)
                    .event("counter-incremented", Event.Incremented.class);

    static final Microsystem MICROSYSTEM = Microsystem.named("counters").with(AGGREGATE);

    Decision<Event> decide(Command command) {
        return switch (command) {
            case Command.Increment(var by) -> Decision.accept(new Event.Incremented(by));
        };
    }

    Counter evolve(Event event) {
        return switch (event) {
            case Event.Incremented(var by) -> new Counter(count + by);
        };
    }
}
