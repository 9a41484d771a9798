// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Courier;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.First;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Problem;
import dev.fakta.domain.Send;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A shelf that is to hold so many things, the store that holds them, and the courier in between. A
/// shelf knows how many its store holds, as the courier has told it.
///
/// @param wanted how many it is to hold
/// @param held how many it holds, as far as it knows
record Shelf(long wanted, long held, String trouble) {

    /// Shelves of these names cannot be filled while [#isBroken].
    static final String REFUSED = "refused";

    static final String FAILING = "failing";
    static volatile boolean isBroken;

    /// How many errands have begun.
    static final AtomicInteger ERRANDS = new AtomicInteger();

    sealed interface Command {
        record Want(long count) implements Command {}

        record RecordHeld(long count) implements Command {}

        record RecordTrouble(String refusal) implements Command {}
    }

    sealed interface Event {
        record ShelfWanted(long count) implements Event {}

        record ShelfFilled(long count) implements Event {}

        record ShelfInTrouble(String refusal) implements Event {}
    }

    static final Aggregate<Command, Event, Shelf> AGGREGATE =
            Aggregate.named("shelf")
                    .taking(Command.class)
                    .startingAs(new Shelf(0, 0, ""))
                    .deciding(Shelf::decide)
                    .evolving(Shelf::evolve)
                    .event("shelf-wanted", Event.ShelfWanted.class)
                    .event("shelf-filled", Event.ShelfFilled.class)
                    .event("shelf-in-trouble", Event.ShelfInTrouble.class);

    private Decision<Event> decide(Command command) {
        return switch (command) {
            case Command.Want(var count) -> Decision.accept(new Event.ShelfWanted(count));
            case Command.RecordHeld(var count) ->
                    count == held
                            ? Decision.accept()
                            : Decision.accept(new Event.ShelfFilled(count));
            case Command.RecordTrouble(var refusal) ->
                    Decision.accept(new Event.ShelfInTrouble(refusal));
        };
    }

    private Shelf evolve(Event event) {
        return switch (event) {
            case Event.ShelfWanted(var count) -> new Shelf(count, held, trouble);
            case Event.ShelfFilled(var count) -> new Shelf(wanted, count, trouble);
            case Event.ShelfInTrouble(var refusal) -> new Shelf(wanted, held, refusal);
        };
    }

    /// The store behind a shelf, with the same id.
    record Store(long count) {

        /// Holds so many from now on.
        record Hold(long count) {}

        record StoreChanged(long count) {}

        static final Aggregate<Hold, StoreChanged, Store> AGGREGATE =
                Aggregate.named("store")
                        .taking(Hold.class)
                        .startingAs(new Store(0))
                        .deciding(
                                (Store store, Hold hold) ->
                                        store.count == hold.count
                                                ? Decision.<StoreChanged>accept()
                                                : Decision.accept(new StoreChanged(hold.count)))
                        .evolving((Store _, StoreChanged changed) -> new Store(changed.count))
                        .event("store-changed", StoreChanged.class);
    }

    // region courier
    record Fill() {}

    static final Processor<Fill, Command> FILL =
            Processor.named("fill-shelf")
                    .taking(Fill.class)
                    .sendingTo(AGGREGATE)
                    .processing((_, context) -> fill(context));

    private static Outcome<Command> fill(Processor.Context context) {
        String id = context.id();
        Shelf shelf = context.state(AGGREGATE, id);
        return new Outcome.Exchange<>(
                List.of(new First<>(Store.AGGREGATE, id, new Store.Hold(shelf.wanted))),
                after -> new Command.RecordHeld(after.state(Store.AGGREGATE, id).count));
    }

    static final Courier COURIER =
            Courier.named("shelf-courier")
                    .carrying(FILL, new Fill())
                    .on(Event.ShelfWanted.class, (_, at) -> at.id())
                    .on(Store.StoreChanged.class, (_, at) -> at.id());

    // endregion

    /// The courier, whose errands are counted and fail for some shelves while [#isBroken].
    static final Courier BREAKABLE =
            Courier.named("shelf-courier")
                    .carrying(
                            Processor.named("fill-shelf")
                                    .taking(Fill.class)
                                    .sendingTo(AGGREGATE)
                                    .processing((_, context) -> fillUnlessBroken(context)),
                            new Fill())
                    .on(Event.ShelfWanted.class, (_, at) -> at.id())
                    .on(Store.StoreChanged.class, (_, at) -> at.id());

    private static Outcome<Command> fillUnlessBroken(Processor.Context context) {
        ERRANDS.incrementAndGet();
        if (isBroken && context.id().equals(REFUSED)) {
            return new Outcome.Refuse<>(List.of(new Problem("shelf", "is too high")));
        }
        if (isBroken && context.id().equals(FAILING)) {
            throw new AssertionError("an odd shelf");
        }
        return fill(context);
    }

    /// The same courier; it tells the shelf of refusals.
    static final Courier TELLING =
            BREAKABLE.onRefusal(
                    (id, refusal, detail) ->
                            Send.to(
                                    AGGREGATE,
                                    id,
                                    new Command.RecordTrouble(refusal + " " + detail)));

    static final Microsystem WITHOUT =
            Microsystem.named("shelves").with(AGGREGATE).with(Store.AGGREGATE);

    static Microsystem microsystem(Courier courier) {
        return WITHOUT.with(courier);
    }
}
