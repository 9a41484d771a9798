// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.First;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Rejection;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A processor that tells two shelves something, and notes what they make of it in a book.
class ProcessorExchangeTest {

    private static final long ROOM = 10;

    record Put(long goods) {}

    record GoodsPut(long goods) {}

    record Note(long onFirst, long revision, long onSecond) {}

    record Noted(long onFirst, long revision, long onSecond) {}

    /// What is asked for.
    record Fill(long first, long second) {}

    enum Refusal implements Rejection {
        NO_ROOM;

        @Override
        public String detail() {
            return "The shelf is full.";
        }
    }

    private static final Aggregate<Put, GoodsPut, Long> SHELF =
            Aggregate.named("shelf")
                    .taking(Put.class)
                    .startingAs(0L)
                    .<GoodsPut>deciding(
                            (Long goods, Put put) ->
                                    goods + put.goods() > ROOM
                                            ? Decision.reject(Refusal.NO_ROOM)
                                            : Decision.accept(new GoodsPut(put.goods())))
                    .evolving((Long goods, GoodsPut put) -> goods + put.goods())
                    .event("goods-put", GoodsPut.class);

    private static final Aggregate<Note, Noted, List<Noted>> BOOK =
            Aggregate.named("book")
                    .taking(Note.class)
                    .startingAs(List.<Noted>of())
                    .<Noted>deciding(
                            (List<Noted> _, Note note) ->
                                    Decision.accept(
                                            new Noted(
                                                    note.onFirst(),
                                                    note.revision(),
                                                    note.onSecond())))
                    .evolving((List<Noted> _, Noted noted) -> List.of(noted))
                    .event("noted", Noted.class);

    private static final Processor<Fill, Note> FILL =
            Processor.named("fill-shelves")
                    .taking(Fill.class)
                    .sendingTo(BOOK)
                    .processing(
                            (fill, _) ->
                                    new Outcome.Exchange<>(
                                            List.of(
                                                    new First<>(
                                                            SHELF, "first", new Put(fill.first())),
                                                    new First<>(
                                                            SHELF,
                                                            "second",
                                                            new Put(fill.second()))),
                                            after ->
                                                    new Note(
                                                            after.state(SHELF, "first"),
                                                            after.read(SHELF, "first").revision(),
                                                            after.state(SHELF, "second"))));

    private final EventLog log = MemoryLog.create(2);
    private Node node;

    @BeforeEach
    void start(@TempDir Path directory) {
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        Microsystem.named("store")
                                .with(SHELF)
                                .with(BOOK)
                                .with(FILL)
                                .with(NOTE_TWICE),
                        log,
                        InstantSource.system());
    }

    @AfterEach
    void stop() {
        node.close();
        log.close();
    }

    @Test
    void the_command_is_made_of_the_states_that_the_others_are_in_after_theirs() {
        Cause cause = Cause.fresh();
        assertThat(node.process(FILL, "b", new Fill(3, 4), cause))
                .isInstanceOf(Reply.Accepted.class);
        assertThat(node.state(BOOK, "b").state()).containsExactly(new Noted(3, 1, 4));

        node.process(FILL, "b", new Fill(2, 0), Cause.fresh());
        assertThat(node.state(BOOK, "b").state()).containsExactly(new Noted(5, 2, 4));

        // tried again under the first id: the shelves have it, and nothing is put or noted twice
        assertThat(node.process(FILL, "b", new Fill(3, 4), cause))
                .isInstanceOf(Reply.Repeated.class);
        assertThat(node.state(SHELF, "first").state()).isEqualTo(5);
        assertThat(node.state(BOOK, "b").state()).containsExactly(new Noted(5, 2, 4));
    }

    /// Notes one thing in the book first, and then another.
    private static final Processor<Long, Note> NOTE_TWICE =
            Processor.named("note-twice")
                    .taking(Long.class)
                    .sendingTo(BOOK)
                    .processing(
                            (number, context) ->
                                    new Outcome.Send<>(
                                            new Note(number, 0, 0),
                                            List.of(
                                                    new First<>(
                                                            BOOK, context.id(), new Note(0, 0, 0)),
                                                    new First<>(SHELF, "first", new Put(1)))));

    @Test
    void a_request_at_a_revision_that_is_past_sends_nothing_first() {
        node.process(FILL, "b", new Fill(3, 4), Cause.fresh());
        assertThat(node.processAt(FILL, "b", 0, new Fill(1, 1), Cause.fresh()))
                .isEqualTo(new Reply.Moved<>(1));
        assertThat(node.processAt(NOTE_TWICE, "b", 0, 5L, Cause.fresh()))
                .isEqualTo(new Reply.Moved<>(1));
        assertThat(node.state(SHELF, "first").state()).isEqualTo(3);
        assertThat(node.state(BOOK, "b").revision()).isEqualTo(1);
    }

    @Test
    void what_is_sent_to_the_same_aggregate_first_moves_the_expected_revision_along() {
        node.process(FILL, "b", new Fill(3, 4), Cause.fresh());
        Cause keyed = Cause.of(UUID.randomUUID(), 1, "");
        assertThat(node.processAt(NOTE_TWICE, "b", 1, 5L, keyed))
                .isInstanceOf(Reply.Accepted.class);
        assertThat(node.state(BOOK, "b").revision()).isEqualTo(3);

        // it comes again, though its revision is past
        assertThat(node.processAt(NOTE_TWICE, "b", 1, 5L, keyed))
                .isInstanceOfSatisfying(
                        Reply.Repeated.class, again -> assertThat(again.revision()).isEqualTo(3));
        assertThat(node.state(SHELF, "first").state()).isEqualTo(4);
    }

    @Test
    void a_request_that_ended_between_its_commands_goes_on_though_its_revision_is_past() {
        Cause keyed = Cause.of(UUID.randomUUID(), 1, "");
        node.await(node.send(BOOK, "b", new Note(0, 0, 0), keyed.part(1)));
        assertThat(node.processAt(NOTE_TWICE, "b", 0, 5L, keyed))
                .isInstanceOf(Reply.Accepted.class);
        assertThat(node.state(BOOK, "b").state()).containsExactly(new Noted(5, 0, 0));
        assertThat(node.state(BOOK, "b").revision()).isEqualTo(2);
    }

    @Test
    void what_the_others_made_of_it_is_read_when_they_have_it_from_an_earlier_try() {
        Cause cause = Cause.fresh();
        node.await(node.send(SHELF, "first", new Put(3), cause.part(1)));

        node.process(FILL, "b", new Fill(3, 4), cause);

        assertThat(node.state(BOOK, "b").state()).containsExactly(new Noted(3, 1, 4));
    }

    @Test
    void nothing_is_noted_when_one_of_the_others_refuses() {
        assertThat(node.process(FILL, "b", new Fill(3, ROOM + 1), Cause.fresh()))
                .isInstanceOfSatisfying(
                        Reply.Rejected.class,
                        refused -> assertThat(refused.rejection()).isEqualTo(Refusal.NO_ROOM));

        assertThat(node.state(BOOK, "b").state()).isEmpty();
        assertThat(node.state(SHELF, "first").state()).isEqualTo(3);
    }
}
