// SPDX-License-Identifier: Apache-2.0
package dev.fakta.testkit;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.SagaEvent.Request;
import dev.fakta.runtime.Reply;
import dev.fakta.testkit.WorldStreams.Why;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A processor in a [World]. Other things may happen between its work and its commands, and its
/// node may die between two of them.
final class WorldProcessor {

    private final World world;
    private final Processor<Object, Object> processor;

    @SuppressWarnings("unchecked")
    WorldProcessor(World world, Processor<?, ?> processor) {
        this.world = world;
        this.processor = (Processor<Object, Object>) processor;
    }

    /// @param key names the work in the history
    void work(
            String key,
            Request request,
            Why why,
            Set<String> permissions,
            Consumer<Reply<Object>> onReply) {
        String id = request.id();
        switch (processor.process(request.command(), new Context(world, id, permissions))) {
            case Outcome.Refuse<Object>(var problems) -> {
                world.tell(
                        () ->
                                "%s refuses %s: %s"
                                        .formatted(processor, request.command(), problems));
                onReply.accept(new Reply.Refused<>(problems));
            }
            case Outcome.Unanswered<Object>(var reason) -> {
                world.tell(() -> "%s gets no answer: %s".formatted(processor, reason));
                onReply.accept(new Reply.Failed<>(Reply.Failure.UNANSWERED, reason));
            }
            case Outcome.Send<Object>(var command, var first) ->
                    world.soon(
                            key,
                            () -> {
                                Reply<Object> failure = sendFirst(first, why);
                                onReply.accept(failure == null ? send(id, command, why) : failure);
                            });
            case Outcome.Exchange<Object>(var first, var then) ->
                    world.soon(key, () -> exchange(key, id, first, then, why, onReply));
        }
    }

    /// What others have answered may be older than what they say when it is told.
    private void exchange(
            String key,
            String id,
            List<Processor.First<?>> first,
            Function<Processor.Context, Object> then,
            Why why,
            Consumer<Reply<Object>> onReply) {
        Reply<Object> failure = sendFirst(first, why);
        if (failure != null) {
            onReply.accept(failure);
            return;
        }
        Object command = then.apply(new Context(world, id, Set.of()));
        world.soon(key + " with the answer", () -> onReply.accept(send(id, command, why)));
    }

    private Reply<Object> send(String id, Object command, Why why) {
        return world.carryOut(world.aggregate(processor.target().name()), id, command, why);
    }

    /// @return the answer to the first that is not accepted; `null` when all are
    private @Nullable Reply<Object> sendFirst(List<Processor.First<?>> first, Why why) {
        for (int i = 0; i < first.size(); i++) {
            Processor.First<?> one = first.get(i);
            Aggregate<Object, Object, Object> told = world.aggregate(one.aggregate().name());
            Reply<Object> reply = world.carryOut(told, one.id(), one.command(), why.part(i + 1));
            if (!(reply instanceof Reply.Accepted) && !(reply instanceof Reply.Repeated)) {
                return reply;
            }
            if (world.fails()) {
                world.tell(() -> processor + ": its node dies when it has told " + one.id());
                return new Reply.Failed<>(Reply.Failure.UNANSWERED, "its node has died");
            }
        }
        return null;
    }

    private record Context(World world, String id, Set<String> permissions)
            implements Processor.Context {

        @Override
        public Instant now() {
            return world.now();
        }

        @Override
        public boolean permits(String permission) {
            return permissions.contains(permission);
        }

        @Override
        public <S> Processor.Read<S> read(Aggregate<?, ?, S> aggregate, String id) {
            return world.read(aggregate, id);
        }
    }
}
