// SPDX-License-Identifier: Apache-2.0
package dev.fakta.domain;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Stateless behaviour in front of an aggregate: it checks a request, completes it (prices it, say)
/// and answers the command to send. It runs on any node, as often as there is work, and may be run
/// again for the same request.
///
/// @param <R> the request, a record
/// @param <C> the commands of the aggregate that it sends to
public final class Processor<R, C> {

    private final String name;
    private final Class<R> request;
    private final Aggregate<C, ?, ?> target;
    private final Work<R, C> work;

    private Processor(String name, Class<R> request, Aggregate<C, ?, ?> target, Work<R, C> work) {
        this.name = name;
        this.request = request;
        this.target = target;
        this.work = work;
    }

    /// Starts a definition.
    public static Named named(String name) {
        return new Named(Names.stable("processor", name));
    }

    public String name() {
        return name;
    }

    public Class<R> request() {
        return request;
    }

    /// The aggregate that the command goes to.
    public Aggregate<C, ?, ?> target() {
        return target;
    }

    public Outcome<C> process(R request, Context context) {
        return work.process(request, context);
    }

    @Override
    public String toString() {
        return "processor " + name;
    }

    /// What a processor makes of a request.
    public sealed interface Outcome<C> {
        /// Send this command to the aggregate with the id that the context gave, once every command
        /// of `first` is accepted, in their order.
        record Send<C>(C command, List<First<?>> first) implements Outcome<C> {
            public Send {
                first = List.copyOf(first);
            }

            public Send(C command) {
                this(command, List.of());
            }
        }

        /// Send the commands of `first`, in their order, and once all are accepted the command that
        /// is made of what they led to: the context that `then` gets answers the states after them.
        /// So others can be told what is wished of them, and the aggregate what they make of it, in
        /// one request.
        ///
        /// @param then as pure as the processor; may be called again when the request is tried
        ///   again
        record Exchange<C>(List<First<?>> first, Function<Context, C> then) implements Outcome<C> {
            public Exchange {
                first = List.copyOf(first);
            }
        }

        /// Refuse the request, for all these reasons at once. Nothing is recorded.
        record Refuse<C>(List<Problem> problems) implements Outcome<C> {
            public Refuse {
                problems = List.copyOf(problems);
                if (problems.isEmpty()) {
                    throw new IllegalArgumentException("a refusal needs a problem");
                }
            }
        }

        /// Whoever the processor had to ask gave no answer. Nothing is recorded; the step of a saga
        /// is tried again, any other caller hears that this is unavailable.
        ///
        /// @param reason for operators
        record Unanswered<C>(String reason) implements Outcome<C> {}
    }

    /// A command to another aggregate that must be accepted before: to take a name that must be
    /// unique, say. It must bear being sent again, and being left alone when what follows is
    /// refused.
    public record First<C>(Aggregate<C, ?, ?> aggregate, String id, C command) {}

    /// One fault of a request.
    ///
    /// @param field the path to the field, as in `lines[2].quantity`
    /// @param reason what is wrong with it, for people
    public record Problem(String field, String reason) {
        /// Several in one line, as a saga or a courier hears of them.
        public static String text(List<Problem> problems) {
            return problems.stream()
                    .map(problem -> problem.field + ": " + problem.reason)
                    .collect(Collectors.joining("; "));
        }
    }

    /// What a processor may ask. Calls may block for a moment.
    public interface Context {
        /// The time of the request.
        Instant now();

        /// The id of the aggregate that the command will go to.
        String id();

        /// Whether the caller has this permission.
        boolean permits(String permission);

        /// The committed state of another aggregate; its initial state when it has no events.
        default <S> S state(Aggregate<?, ?, S> aggregate, String id) {
            return read(aggregate, id).state();
        }

        /// The same, with its revision: whoever is told something because of it can tell an older
        /// word from a newer one.
        <S> Read<S> read(Aggregate<?, ?, S> aggregate, String id);
    }

    /// The committed state of an aggregate.
    ///
    /// @param revision how many events have led to it; 0 when there are none
    public record Read<S>(S state, long revision) {}

    /// The function that does the work.
    @FunctionalInterface
    public interface Work<R, C> {
        Outcome<C> process(R request, Context context);
    }

    /// A definition that has a name.
    public record Named(String name) {
        /// Says what the processor takes.
        public <R> Taking<R> taking(Class<R> request) {
            return new Taking<>(name, request);
        }
    }

    /// A definition that knows its request.
    public record Taking<R>(String name, Class<R> request) {
        /// Says which aggregate it sends to.
        public <C> Sending<R, C> sendingTo(Aggregate<C, ?, ?> target) {
            return new Sending<>(name, request, target);
        }
    }

    /// A definition that knows its target.
    public record Sending<R, C>(String name, Class<R> request, Aggregate<C, ?, ?> target) {
        /// Gives the function that does the work.
        public Processor<R, C> processing(Work<R, C> work) {
            return new Processor<>(name, request, target, work);
        }
    }
}
