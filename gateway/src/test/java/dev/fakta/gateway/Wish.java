// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.View;
import org.jspecify.annotations.Nullable;

/// A customer's wish, and what is said about one: things that are somebody's.
record Wish(@Nullable String owner, String text) {

    /// @param owner whose it becomes
    record Wanted(@Nullable String owner, @Nullable String text) {}

    /// @param id of the wish
    record Said(String id, @Nullable String text) {}

    /// @param text what to change it to
    record Changed(@Nullable String text) {}

    sealed interface Command {
        record Make(@Nullable String owner, @Nullable String text) implements Command {}

        record Change(@Nullable String text) implements Command {}
    }

    record Made(String owner, String text) {}

    static final Aggregate<Command, Made, Wish> AGGREGATE =
            Aggregate.named("wish")
                    .taking(Command.class)
                    .startingAs(new Wish(null, ""))
                    .deciding(Wish::decide)
                    .evolving((Wish _, Made made) -> new Wish(made.owner, made.text))
                    .event("wish-made", Made.class);

    /// What is said about a wish. It has no owner of its own.
    static final Aggregate<Command, Made, Wish> COMMENT =
            Aggregate.named("comment")
                    .taking(Command.class)
                    .startingAs(new Wish(null, ""))
                    .deciding(Wish::decide)
                    .evolving((Wish _, Made made) -> new Wish(made.owner, made.text))
                    .event("comment-made", Made.class);

    static final Processor<Wanted, Command> MAKE =
            Processor.named("make-wish")
                    .taking(Wanted.class)
                    .sendingTo(AGGREGATE)
                    .processing(
                            (wanted, _) ->
                                    new Processor.Outcome.Send<>(
                                            new Command.Make(wanted.owner, wanted.text)));

    static final Processor<Changed, Command> CHANGE =
            Processor.named("change-wish")
                    .taking(Changed.class)
                    .sendingTo(AGGREGATE)
                    .processing(
                            (changed, _) ->
                                    new Processor.Outcome.Send<>(new Command.Change(changed.text)));

    /// A comment's `owner` is the id of its wish.
    static final Processor<Said, Command> SAY =
            Processor.named("comment-wish")
                    .taking(Said.class)
                    .sendingTo(COMMENT)
                    .processing(
                            (said, _) ->
                                    new Processor.Outcome.Send<>(
                                            new Command.Make(said.id, said.text)));

    static final View VIEW =
            View.named("wishes").table("create table wish (id text primary key, owner text)");

    static final Microsystem MICROSYSTEM =
            Microsystem.named("wishes")
                    .with(AGGREGATE)
                    .with(COMMENT)
                    .with(MAKE)
                    .with(CHANGE)
                    .with(SAY)
                    .with(VIEW);

    private Decision<Made> decide(Command command) {
        return switch (command) {
            case Command.Make(var who, var what) ->
                    Decision.accept(new Made(String.valueOf(who), String.valueOf(what)));
            case Command.Change(var what) ->
                    Decision.accept(new Made(String.valueOf(owner), String.valueOf(what)));
        };
    }
}
