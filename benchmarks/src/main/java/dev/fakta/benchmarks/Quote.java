// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;

/// What was offered to somebody who asked.
record Quote(long minor) {

    sealed interface Command {
        record Give(long minor) implements Command {}
    }

    sealed interface Event {
        record Given(long minor) implements Event {}
    }

    static final Aggregate<Command, Event, Quote> AGGREGATE =
            Aggregate.named("quote")
                    .taking(Command.class)
                    .startingAs(new Quote(0))
                    .deciding(Quote::decide)
                    .evolving((_, event) -> of(event))
                    .event("quote-given", Event.Given.class);

    Decision<Event> decide(Command command) {
        return switch (command) {
            case Command.Give(var price) -> Decision.accept(new Event.Given(price));
        };
    }

    private static Quote of(Event event) {
        return switch (event) {
            case Event.Given(var price) -> new Quote(price);
        };
    }
}
