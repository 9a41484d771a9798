// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.View;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A microsystem whose command has a field of every type, and that fails in every way that it can.
record Everything(int filled) {

    static final String REASON = "the passenger service is away";

    enum Colour {
        RED,
        GREEN
    }

    record Address(String street) {}

    sealed interface Command {
        record Fill(
                @Nullable Integer seats,
                @Nullable BigDecimal price,
                @Nullable Boolean urgent,
                @Nullable String text,
                @Nullable LocalDate date,
                @Nullable Instant time,
                @Nullable Duration within,
                @Nullable UUID reference,
                @Nullable List<String> names,
                @Nullable Map<String, String> notes,
                @Nullable Address address,
                @Nullable Colour colour)
                implements Command {}

        record Break() implements Command {}

        record Switch(boolean isOn, @Nullable String why) implements Command {
            /// What one is made of in a program is nothing to who sends JSON.
            public Switch(boolean isOn) {
                this(isOn, null);
            }
        }
    }

    sealed interface Event {
        record Filled() implements Event {}
    }

    static final Aggregate<Command, Event, Everything> AGGREGATE =
            Aggregate.named("everything")
                    .taking(Command.class)
                    .startingAs(new Everything(0))
                    .deciding(Everything::decide)
                    .evolving((Everything state, Event _) -> new Everything(state.filled + 1))
                    .event("everything-filled", Event.Filled.class);

    static final View VIEW =
            View.named("everything").table("create table everything (id text primary key)");

    static final Processor<Address, Command> UNANSWERED =
            Processor.named("unanswered")
                    .taking(Address.class)
                    .sendingTo(AGGREGATE)
                    .processing((_, _) -> new Processor.Outcome.Unanswered<>(REASON));

    static final Microsystem MICROSYSTEM =
            Microsystem.named("everything").with(AGGREGATE).with(UNANSWERED).with(VIEW);

    private Decision<Event> decide(Command command) {
        return switch (command) {
            case Command.Fill _, Command.Switch _ -> Decision.accept(new Event.Filled());
            case Command.Break _ -> throw new IllegalStateException("broken on purpose");
        };
    }

    static void routes(Routes http) {
        http.resource("/everything", AGGREGATE, found -> found.state())
                .put("/everything/{id}", Command.Fill.class, AGGREGATE)
                .put("/everything/{id}/break", Command.Break.class, AGGREGATE)
                .put("/everything/{id}/switch", Command.Switch.class, AGGREGATE)
                .put("/everything/{id}/unanswered", UNANSWERED)
                .get( // for the test that counts what is logged of it
                        "/misspelled/counted",
                        VIEW,
                        query -> query.rows("select idx from everything", row -> row.text("idx")))
                .get(
                        "/misspelled",
                        VIEW,
                        query -> query.rows("select idd from everything", row -> row.text("idd")));
    }
}
