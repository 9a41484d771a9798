// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Rejection;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.CodecException;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Versioned;
import dev.fakta.runtime.core.CommandTypes;
import dev.fakta.runtime.core.StateType;
import dev.fakta.runtime.partition.Question;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Writes what one node asks of another, and the answer: a head and a value, both JSON, as `u32
/// length of the head, head, value`. Commands go by the name of their record, which is stable as
/// long as the record keeps its name; a node that does not know one says so.
///
/// Immutable; used by all threads.
final class CallCodec {

    private static final byte[] NOTHING = new byte[0];

    private final JsonMapper json;
    private final Map<String, Aggregate<Object, Object, Object>> aggregates = new HashMap<>();
    private final Map<String, Processor<Object, Object>> processors = new HashMap<>();
    private final CommandTypes commands;

    CallCodec(Microsystems microsystems, JsonMapper json) {
        this.json = json;
        this.commands = new CommandTypes(microsystems);
        for (Aggregate<?, ?, ?> aggregate : microsystems.hosted()) {
            aggregates.put(aggregate.name(), erased(aggregate));
        }
        for (Processor<?, ?> processor : microsystems.processors()) {
            processors.put(processor.name(), erased(processor));
        }
    }

    @SuppressWarnings("unchecked")
    private static Aggregate<Object, Object, Object> erased(Aggregate<?, ?, ?> aggregate) {
        return (Aggregate<Object, Object, Object>) aggregate;
    }

    @SuppressWarnings("unchecked")
    private static Processor<Object, Object> erased(Processor<?, ?> processor) {
        return (Processor<Object, Object>) processor;
    }

    private enum Kind {
        COMMAND,
        STATE,
        PROCESS,
        PLACED,
        BACKLOG
    }

    /// @param target the aggregate's or the processor's name
    /// @param type the command's record
    /// @param wanted [Question.Answer#STATE] when it is `null`, as from a node of before this field
    private record Head(
            Kind kind,
            String target,
            String type,
            String id,
            long expectedRevision,
            @Nullable Cause cause,
            Question.@Nullable Answer wanted) {

        static Head of(Kind kind) {
            return new Head(kind, "", "", "", 0, null, null);
        }

        Question.Answer answer() {
            return wanted == null ? Question.Answer.STATE : wanted;
        }
    }

    byte[] question(Question question) {
        return switch (question) {
            case Question.Command asked ->
                    framed(
                            new Head(
                                    Kind.COMMAND,
                                    asked.aggregate().name(),
                                    asked.command().getClass().getSimpleName(),
                                    asked.id(),
                                    asked.expectedRevision(),
                                    asked.cause(),
                                    asked.wanted()),
                            json.writeValueAsBytes(asked.command()));
            case Question.State(var aggregate, var id) ->
                    framed(new Head(Kind.STATE, aggregate.name(), "", id, 0, null, null), NOTHING);
            case Question.Submission asked ->
                    framed(
                            new Head(
                                    Kind.PROCESS,
                                    asked.processor().name(),
                                    "",
                                    asked.id(),
                                    asked.expectedRevision(),
                                    asked.cause(),
                                    asked.wanted()),
                            json.writeValueAsBytes(asked.request()));
            case Question.Placed _ -> framed(Head.of(Kind.PLACED), NOTHING);
            case Question.Backlog _ -> framed(Head.of(Kind.BACKLOG), NOTHING);
        };
    }

    /// @throws CodecException when this node does not know what is asked for
    Question question(byte[] body) {
        Head head = json.readValue(head(body), Head.class);
        return switch (head.kind) {
            case COMMAND -> {
                Class<?> type = commands.find(head.target, head.type);
                if (type == null) {
                    throw new CodecException(
                            "this node knows no command %s of %s"
                                    .formatted(head.type, head.target));
                }
                yield new Question.Command(
                        known(aggregates, head.target),
                        head.id,
                        json.readValue(value(body), type),
                        head.expectedRevision,
                        Objects.requireNonNull(head.cause),
                        head.answer());
            }
            case STATE -> new Question.State(known(aggregates, head.target), head.id);
            case PROCESS -> {
                Processor<Object, Object> processor = known(processors, head.target);
                yield new Question.Submission(
                        processor,
                        head.id,
                        head.expectedRevision,
                        json.readValue(value(body), processor.request()),
                        Objects.requireNonNull(head.cause),
                        head.answer());
            }
            case PLACED -> new Question.Placed();
            case BACKLOG -> new Question.Backlog();
        };
    }

    /// The processor of this name.
    ///
    /// @throws CodecException when this node does not know it
    Processor<Object, Object> processor(String name) {
        return known(processors, name);
    }

    private static <T> T known(Map<String, T> map, String name) {
        T found = map.get(name);
        if (found == null) {
            throw new CodecException("this node knows no '%s'".formatted(name));
        }
        return found;
    }

    private enum Outcome {
        ACCEPTED,
        REPEATED,
        REJECTED,
        REFUSED,
        MOVED,
        ID_REUSED,
        BUSY,
        FAILED
    }

    /// @param text an aggregate's id, a rejection's or a failure's name
    private record Result(
            Outcome outcome,
            String text,
            String detail,
            long revision,
            String seen,
            long time,
            List<Processor.Problem> problems) {

        static Result of(Outcome outcome) {
            return new Result(outcome, "", "", 0, "", 0, List.of());
        }

        static Result of(Outcome outcome, String text, String detail) {
            return new Result(outcome, text, detail, 0, "", 0, List.of());
        }

        static Result of(Outcome outcome, long revision) {
            return new Result(outcome, "", "", revision, "", 0, List.of());
        }
    }

    byte[] answer(Reply<Object> reply) {
        return switch (reply) {
            case Reply.Accepted<Object>(var aggregate) -> found(aggregate);
            case Reply.Repeated<Object>(var revision, var time) ->
                    framed(new Result(Outcome.REPEATED, "", "", revision, "", time, List.of()));
            case Reply.Rejected<Object>(var rejection, var time) ->
                    framed(
                            new Result(
                                    Outcome.REJECTED,
                                    rejection.name(),
                                    rejection.detail(),
                                    0,
                                    "",
                                    time,
                                    List.of()));
            case Reply.Refused<Object>(var problems) ->
                    framed(new Result(Outcome.REFUSED, "", "", 0, "", 0, problems));
            case Reply.Moved<Object>(var revision) -> framed(Result.of(Outcome.MOVED, revision));
            case Reply.IdReused<Object> _ -> framed(Result.of(Outcome.ID_REUSED));
            case Reply.Busy<Object> _ -> framed(Result.of(Outcome.BUSY));
            case Reply.Failed<Object>(var failure, var detail) ->
                    framed(Result.of(Outcome.FAILED, failure.name(), detail));
        };
    }

    private byte[] found(Versioned<Object> aggregate) {
        return framed(
                new Result(
                        Outcome.ACCEPTED,
                        aggregate.id(),
                        "",
                        aggregate.revision(),
                        aggregate.seen().toString(),
                        aggregate.time(),
                        List.of()),
                json.writerFor(StateType.of(aggregate.state()))
                        .writeValueAsBytes(aggregate.state()));
    }

    byte[] placed(BitSet partitions) {
        return framed(Result.of(Outcome.ACCEPTED), partitions.toByteArray());
    }

    /// Reads which partitions are in place; none when the node could not say.
    BitSet placed(byte[] body) {
        Result result = json.readValue(head(body), Result.class);
        return result.outcome == Outcome.ACCEPTED ? BitSet.valueOf(value(body)) : new BitSet();
    }

    byte[] backlog(long millis) {
        return framed(Result.of(Outcome.ACCEPTED, millis));
    }

    /// Reads how many milliseconds what happens now would wait.
    ///
    /// @throws CodecException when the node could not say
    long backlog(byte[] body) {
        Result result = json.readValue(head(body), Result.class);
        if (result.outcome != Outcome.ACCEPTED) {
            throw new CodecException("no backlog: " + result.detail);
        }
        return result.revision;
    }

    /// Reads an answer about an aggregate of this kind.
    Reply<Object> answer(Aggregate<?, ?, ?> aggregate, byte[] body) {
        Result result = json.readValue(head(body), Result.class);
        return switch (result.outcome) {
            case ACCEPTED ->
                    new Reply.Accepted<>(
                            new Versioned<>(
                                    result.text,
                                    json.readerFor(StateType.of(aggregate.initial()))
                                            .readValue(value(body)),
                                    result.revision,
                                    Positions.parse(result.seen),
                                    result.time));
            case REPEATED -> new Reply.Repeated<>(result.revision, result.time);
            case REJECTED ->
                    new Reply.Rejected<>(
                            new RemoteRejection(result.text, result.detail), result.time);
            case REFUSED -> new Reply.Refused<>(result.problems);
            case MOVED -> new Reply.Moved<>(result.revision);
            case ID_REUSED -> new Reply.IdReused<>();
            case BUSY -> new Reply.Busy<>();
            case FAILED -> new Reply.Failed<>(Reply.Failure.valueOf(result.text), result.detail);
        };
    }

    /// A rejection by an aggregate on another node: the same name and detail, in another class.
    private record RemoteRejection(String name, String detail) implements Rejection {}

    private byte[] framed(Result result) {
        return framed(result, NOTHING);
    }

    private byte[] framed(Object head, byte[] value) {
        byte[] bytes = json.writeValueAsBytes(head);
        return ByteBuffer.allocate(4 + bytes.length + value.length)
                .putInt(bytes.length)
                .put(bytes)
                .put(value)
                .array();
    }

    private static byte[] head(byte[] body) {
        return Arrays.copyOfRange(body, 4, headEnd(body));
    }

    private static byte[] value(byte[] body) {
        return Arrays.copyOfRange(body, headEnd(body), body.length);
    }

    /// What the sender claims is checked against what is there: a few bytes must not ask for
    /// gigabytes.
    private static int headEnd(byte[] body) {
        int length = body.length < 4 ? -1 : ByteBuffer.wrap(body).getInt();
        if (length < 0 || length > body.length - 4) {
            throw new IllegalArgumentException(
                    "a message of %d bytes claims a head of %d".formatted(body.length, length));
        }
        return 4 + length;
    }
}
