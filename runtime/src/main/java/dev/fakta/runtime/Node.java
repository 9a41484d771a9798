// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Alarm;
import dev.fakta.domain.AlarmClock;
import dev.fakta.domain.Courier;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.Send;
import dev.fakta.domain.Subscription;
import dev.fakta.domain.View;
import dev.fakta.log.CausalReader;
import dev.fakta.log.EventLog;
import dev.fakta.log.LogException;
import dev.fakta.log.Positions;
import dev.fakta.runtime.cluster.ClusterMember;
import dev.fakta.runtime.core.ClockWatch;
import dev.fakta.runtime.core.EventCodec;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.core.RecentEvents;
import dev.fakta.runtime.core.ShapeCheck;
import dev.fakta.runtime.partition.CommandCall;
import dev.fakta.runtime.partition.Question;
import dev.fakta.runtime.sagas.SagaHost;
import dev.fakta.runtime.sagas.SagaJson;
import dev.fakta.views.RowMapper;
import dev.fakta.views.engine.ViewAwayException;
import dev.fakta.views.engine.ViewHost;
import dev.fakta.views.engine.ViewSqlException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One JVM's share of some microsystems: their partitions, processors, views and sagas, in a
/// cluster of one or more. Any thread may call; calls that wait say so, and do so within
/// [NodeSettings#answerWithin].
public final class Node implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration END_WITHIN = Duration.ofSeconds(20);

    private final Microsystems microsystems;
    private final NodeParts parts;
    private final History history;
    private final ExecutorService blocking;
    private final ProcessorRunner processors;
    private final ClusterMember member;
    private final ViewHost views;
    private final SagaHost sagas;

    private Node(Microsystems microsystems, NodeParts parts, ExecutorService blocking) {
        this.microsystems = microsystems;
        this.parts = parts;
        this.blocking = blocking;
        this.history = new History(parts);
        this.processors = new ProcessorRunner(this, parts, history);
        this.sagas = new SagaHost(microsystems, parts);
        this.views = NodeViews.open(parts);
        checkShapes();
        this.member = ClusterMember.join(microsystems, parts, processors::run, views, sagas);
    }

    private void checkShapes() {
        try {
            ShapeCheck.of(parts, sagas).keep();
        } catch (RuntimeException e) {
            views.close();
            sagas.close();
            throw e;
        }
    }

    /// Starts a node. It does not own the log: who opened it closes it, after the node.
    ///
    /// On a platform thread, as a program's first one is: it loads many classes, and virtual
    /// threads that wait for one another's classes keep all processors that the others need to go
    /// on.
    ///
    /// @param log of all of the microsystems
    /// @throws IllegalStateException when the program cannot read what is in the log, or run its
    ///   views or sagas, with every reason and what to do
    public static Node start(
            NodeSettings settings, Microsystems microsystems, EventLog log, InstantSource clock) {
        ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
        NodeParts parts =
                new NodeParts(
                        settings,
                        log,
                        new EventCodec(microsystems, new SagaJson(microsystems)),
                        new RecentEvents(log.partitions()),
                        clock,
                        new ClockWatch(settings.name(), clock),
                        blocking,
                        microsystems.hosted(),
                        microsystems);
        return new Node(microsystems, parts, blocking);
    }

    /// Starts a node of one microsystem.
    public static Node start(
            NodeSettings settings, Microsystem microsystem, EventLog log, InstantSource clock) {
        return start(settings, Microsystems.of(microsystem), log, clock);
    }

    /// Sends a command to an aggregate. The stage completes when its events are durable, or with
    /// the reason why not; never with an exception.
    public <C, S> CompletionStage<Reply<S>> send(
            Aggregate<C, ?, S> aggregate, String id, C command, Cause cause) {
        return member.send(aggregate, id, command, CommandCall.ANY, cause);
    }

    /// The same, for an aggregate that must be at this revision.
    public <C, S> CompletionStage<Reply<S>> sendAt(
            Aggregate<C, ?, S> aggregate, String id, long revision, C command, Cause cause) {
        return member.send(aggregate, id, command, revision, cause);
    }

    /// Follows everything that is recorded from here on, in causal order. The caller closes it.
    public CausalReader follow(Positions after) {
        return new CausalReader(parts.log(), after);
    }

    /// How many partitions the log has.
    public int partitions() {
        return parts.log().partitions();
    }

    /// The offsets of the newest records.
    public Positions heads() {
        return parts.log().heads();
    }

    /// Has a processor work on a request, and sends its commands: last the one to the aggregate
    /// with this id, whose answer this is. Waits for it. The processor runs here when this node has
    /// the role for its microsystem, and on the least busy node that has it otherwise.
    public <R, C, S> Reply<S> process(
            Processor<R, C> processor, String id, R request, Cause cause) {
        return process(processor, id, CommandCall.ANY, request, cause);
    }

    /// The same, if the aggregate is at this revision.
    public <R, C, S> Reply<S> processAt(
            Processor<R, C> processor, String id, long revision, R request, Cause cause) {
        return process(processor, id, revision, request, cause);
    }

    /// The same for an aggregate whose id was made just now, so that nobody looks for it. When it
    /// is there after all, because the request comes twice, it has one effect all the same.
    public <R, C, S> Reply<S> processNew(
            Processor<R, C> processor, String id, R request, Cause cause) {
        return process(processor, id, CommandCall.NEW, request, cause);
    }

    @SuppressWarnings("unchecked")
    private <R, C, S> Reply<S> process(
            Processor<R, C> processor, String id, long revision, R request, Cause cause) {
        if (member.runs(processor)) {
            return processors.run(processor, id, revision, request, cause);
        }
        var question =
                new Question.Submission(
                        (Processor<Object, Object>) (Processor<?, ?>) processor,
                        id,
                        revision,
                        request,
                        cause,
                        Question.Answer.STATE);
        return (Reply<S>) member.process(question);
    }

    /// Waits for an answer.
    public <S> Reply<S> await(CompletionStage<Reply<S>> stage) {
        try {
            return stage.toCompletableFuture()
                    .get(parts.settings().answerWithin().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return new Reply.Failed<>(Reply.Failure.TIMEOUT, "no answer in time");
        } catch (ExecutionException e) {
            return new Reply.Failed<>(Reply.Failure.UNAVAILABLE, String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Reply.Failed<>(Reply.Failure.UNAVAILABLE, "interrupted");
        }
    }

    /// The committed state of an aggregate; its initial state, at revision 0, when it has no
    /// events. May wait for the log.
    ///
    /// @throws NodeException when it cannot be had in time
    @SuppressWarnings("unchecked")
    public <S> Versioned<S> state(Aggregate<?, ?, S> aggregate, String id) {
        try {
            Reply<Object> answer =
                    member.state(aggregate, id)
                            .toCompletableFuture()
                            .get(parts.settings().answerWithin().toMillis(), TimeUnit.MILLISECONDS);
            if (answer instanceof Reply.Accepted<Object>(var found)) {
                return (Versioned<S>) (Versioned<?>) found;
            }
            if (answer instanceof Reply.Repeated<Object>(var revision, _)) { // too large to be sent
                return stateAt(aggregate, id, revision)
                        .orElseThrow(() -> new NodeException("it cannot be read here"));
            }
            throw new NodeException(
                    answer instanceof Reply.Failed<Object>(_, var detail)
                            ? detail
                            : "the partition is busy");
        } catch (TimeoutException _) {
            throw new NodeException("no answer in time");
        } catch (ExecutionException e) {
            throw new NodeException(String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new NodeException("interrupted");
        }
    }

    /// Whether this node has the partition of an aggregate at this moment. Of the nodes of a
    /// cluster one does, so that it can do what one of them has to do about the aggregate; for a
    /// moment none does, or two of them say so, as one is taking it from the other. Waits for
    /// nothing.
    public boolean hosts(Aggregate<?, ?, ?> aggregate, String id) {
        return member.hosts(aggregate, id);
    }

    /// The address in the cluster of the other node that has the partition of an aggregate, or is
    /// about to; empty when it is this one, or when no node hosts it. Waits for nothing.
    public Optional<String> hostElsewhere(Aggregate<?, ?, ?> aggregate, String id) {
        return member.hostElsewhere(aggregate, id);
    }

    /// An aggregate as it was at a revision.
    ///
    /// @return empty when it has fewer events
    public <S> Optional<Versioned<S>> stateAt(
            Aggregate<?, ?, S> aggregate, String id, long revision) {
        return history.at(aggregate, id, revision);
    }

    /// An aggregate as it was at a time.
    ///
    /// @return empty when it had no events then
    public <S> Optional<Versioned<S>> stateAt(
            Aggregate<?, ?, S> aggregate, String id, Instant time) {
        return history.at(aggregate, id, time);
    }

    /// The facts of an aggregate, oldest first, at most `limit` from a revision on.
    public List<Recorded<Object>> events(
            Aggregate<?, ?, ?> aggregate, String id, long fromRevision, int limit) {
        return history.events(aggregate, id, fromRevision, limit);
    }

    /// The highest hybrid time of the records at these positions, or 0 when the log has none of
    /// them now. Reads the log for each, and ends after 100 ms with what it has found.
    ///
    /// @throws LogException when the log cannot be read
    public long recordedAt(Positions positions) {
        return history.recordedAt(positions);
    }

    /// Rows of a view. Arguments go where the statement has `?`.
    ///
    /// @throws NodeException when this node cannot read the view now, or the query takes too long
    /// @throws RuntimeException when the statement or a column of it is wrong: a defect
    public <T> List<T> rows(
            View view, String select, RowMapper<T> mapper, @Nullable Object... arguments) {
        try {
            return views.rows(view, select, mapper, arguments);
        } catch (ViewSqlException e) {
            if (!views.mayPass(view, e)) {
                throw e;
            }
            LOG.warn("a query fails: {}", e.getMessage()); // it has SQL, which is no caller's
            throw new NodeException(view + " cannot be read now");
        } catch (ViewAwayException e) {
            throw new NodeException("this node has no " + view);
        }
    }

    /// Waits until a view has applied these positions, whichever node runs it.
    ///
    /// @return `false` when it has not in time
    public boolean await(View view, Positions seen, Duration atMost) {
        try {
            return views.await(view, seen, atMost);
        } catch (ViewAwayException e) {
            throw new NodeException("this node has no " + view);
        }
    }

    /// What runs here of the views.
    ViewHost views() {
        return views;
    }

    /// What runs here of the sagas.
    SagaHost sagas() {
        return sagas;
    }

    /// The instances of a saga that have not ended, in the order of their ids.
    ///
    /// @param status only these; `null`: all
    /// @throws NodeException when this node cannot tell
    public List<SagaRow> sagas(
            Saga<?, ?> saga, SagaState.@Nullable Status status, String after, int limit) {
        return sagas.list(saga.name(), status, after, limit);
    }

    /// The errands of a courier that have gone wrong and are tried again, in the order of their
    /// ids.
    ///
    /// @param status only these; `null`: all
    /// @throws NodeException when this node cannot tell
    public List<SagaRow> errands(
            Courier courier, SagaState.@Nullable Status status, String after, int limit) {
        return sagas.list(courier.name(), status, after, limit);
    }

    /// A courier's errand for an id, if it has gone wrong and is tried again.
    ///
    /// @throws NodeException when this node cannot tell
    public Optional<SagaRow> errand(Courier courier, String id) {
        return sagas.find(courier.name(), id);
    }

    /// Runs a courier's errand for an id now, whichever node runs the courier. Waits for the
    /// answer.
    public Reply<Object> run(Courier courier, String id, Cause cause) {
        return carryOut(courier.errand(id), cause);
    }

    /// The alarms of a clock that are set, in the order of their ids, which are `ALARM:ID`.
    ///
    /// @param status only these; `null`: all
    /// @throws NodeException when this node cannot tell
    public List<SagaRow> alarms(
            AlarmClock clock, SagaState.@Nullable Status status, String after, int limit) {
        return sagas.list(clock.name(), status, after, limit);
    }

    /// An alarm of a clock, if it is set.
    ///
    /// @param id as it is listed, `ALARM:ID`
    /// @throws NodeException when this node cannot tell
    public Optional<SagaRow> alarm(AlarmClock clock, String id) {
        return sagas.find(clock.name(), id);
    }

    /// The streams that a subscription has set aside, in the order of their ids, which are
    /// `AGGREGATE:ID`; before them `(everything)` while it cannot hand over anything.
    ///
    /// @param status only these; `null`: all
    /// @throws NodeException when this node cannot tell
    public List<SagaRow> setAside(
            Subscription subscription, SagaState.@Nullable Status status, String after, int limit) {
        return sagas.list(subscription.name(), status, after, limit);
    }

    /// A stream that a subscription has set aside, if it has.
    ///
    /// @param id as it is listed, `AGGREGATE:ID`
    /// @throws NodeException when this node cannot tell
    public Optional<SagaRow> setAside(Subscription subscription, String id) {
        return sagas.find(subscription.name(), id);
    }

    /// Has an alarm ring now, whichever node runs the clock, and leaves it set. Waits for the
    /// answer.
    ///
    /// @param id as it is listed, `ALARM:ID`
    /// @throws NoSuchElementException when the clock has no such alarm
    public Reply<Object> ring(AlarmClock clock, String id, Cause cause) {
        int colon = id.indexOf(':');
        Alarm alarm = clock.find(id.substring(0, Math.max(0, colon)));
        if (alarm == null) {
            throw new NoSuchElementException("%s has no alarm of %s".formatted(clock, id));
        }
        return carryOut(alarm.sent(id.substring(colon + 1)), cause);
    }

    @SuppressWarnings("unchecked")
    private Reply<Object> carryOut(Send<?> what, Cause cause) {
        Processor<Object, ?> processor = (Processor<Object, ?>) what.processor();
        Object command = Objects.requireNonNull(what.command());
        if (processor != null) {
            return process(processor, what.id(), command, cause);
        }
        Aggregate<Object, ?, Object> aggregate = (Aggregate<Object, ?, Object>) what.aggregate();
        return await(send(aggregate, what.id(), command, cause));
    }

    /// What waits for an operator of all sagas, couriers and clocks: stuck or parked, on any node.
    ///
    /// @param most of them
    /// @throws NodeException when this node cannot tell
    public List<SagaRow> troubledSagas(int most) {
        List<SagaRow> troubled = new ArrayList<>();
        for (String name : sagas.names()) {
            troubled.addAll(sagas.list(name, SagaState.Status.STUCK, "", most - troubled.size()));
            troubled.addAll(sagas.list(name, SagaState.Status.PARKED, "", most - troubled.size()));
        }
        return troubled;
    }

    /// An event as JSON, as it would be recorded.
    public byte[] json(Object event) {
        return parts.codec().encode(event);
    }

    /// What there is to do here, at this moment. Waits for nothing.
    public NodeLoad load() {
        return member.load(processors.inFlight(), processors.refused());
    }

    /// How long what happens now would wait for the sagas, couriers and alarm clocks of the
    /// cluster, if it needs all of them, one after the other: nothing while they keep up. It is a
    /// forecast, made of what waits and of how much is done in a second; of other nodes it is what
    /// they said a moment ago. What failed and is tried again later does not count. Waits for
    /// nothing.
    public Duration backlog() {
        return Duration.ofMillis(member.backlogMillis());
    }

    /// What the node still waits for before it is ready to serve, as a sentence; empty when it is
    /// ready. Waits for nothing.
    public String missing() {
        if (!member.isReady()) {
            return member.missing();
        }
        return views.isWell() && sagas.isWell() ? "" : "a view or a saga could not be taken yet";
    }

    /// What there is to watch, at this moment. Asks the log, and for views that run elsewhere their
    /// database.
    ///
    /// @throws LogException when the log cannot be asked
    public NodeStatus status() {
        Positions heads = parts.log().heads(); // once: each time may be a question to each database
        return new NodeStatus(
                member.activePartitions(),
                member.passiveCopies(),
                parts.log().partitions(),
                member.commandsWaiting(),
                views.lags(heads),
                member.comparedImages(),
                member.differingImages(),
                sagas.counts(heads),
                member.nodes(),
                member.isMember() && views.isWell() && sagas.isWell(),
                member.isReady());
    }

    /// Whether the threads of this node that must live do. When one has ended, which takes a
    /// failure of the JVM, nothing but a restart of the process helps. Waits for nothing.
    public boolean isAlive() {
        return member.isAlive() && views.isWell() && sagas.isWell();
    }

    public Microsystems microsystems() {
        return microsystems;
    }

    /// What makes spans of what the node does.
    public Tracing tracing() {
        return parts.settings().tracing();
    }

    public InstantSource clock() {
        return parts.clock();
    }

    /// Completes when this node is no member of its cluster any more, because it was closed or
    /// because the others gave it up.
    public CompletionStage<?> ended() {
        return member.ended();
    }

    /// What waits for a log or a database has a limit of its own; whatever still waits after that
    /// is interrupted.
    private void endBlocking() {
        blocking.shutdown();
        try {
            if (!blocking.awaitTermination(END_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("the node ends while something waits still");
                blocking.shutdownNow();
            }
        } catch (InterruptedException _) {
            blocking.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /// Stops: partitions answer what waits, views finish their batch. Waits for it.
    @Override
    public void close() {
        sagas.close();
        member.leave();
        views.close();
        endBlocking();
    }
}
