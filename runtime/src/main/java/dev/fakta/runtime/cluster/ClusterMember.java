// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.ClusterSettings;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.NodeLoad;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Role;
import dev.fakta.runtime.Tracing;
import dev.fakta.runtime.Versioned;
import dev.fakta.runtime.core.NodeParts;
import dev.fakta.runtime.partition.AppendCounts;
import dev.fakta.runtime.partition.CommandCall;
import dev.fakta.runtime.partition.LocalPartitions;
import dev.fakta.runtime.partition.PartitionHost;
import dev.fakta.runtime.partition.PassiveCopies;
import dev.fakta.runtime.partition.Question;
import dev.fakta.runtime.partition.ReplyTo;
import dev.fakta.runtime.sagas.SagaHost;
import dev.fakta.runtime.sagas.SagaSession;
import dev.fakta.runtime.sagas.StepProcessing;
import dev.fakta.views.engine.ViewHost;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This JVM as a member of the Pekko cluster: finds partitions and processors, here or on other
/// nodes, and answers for those that are here.
///
/// Pekko knows who is a member; which node hosts which partition is ours ([Placement]): its cluster
/// sharding asks a coordinator, and when the coordinator's node dies every partition of that node
/// waits for the next coordinator. A claim in the log makes that agreement unnecessary.
public final class ClusterMember implements Membership.Listener, SagaSession.SagaTargets {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterMember.class);
    private static final Duration FOLLOWS_FIRST = Duration.ofSeconds(3);
    private static final Duration LEAVE_WITHIN = Duration.ofSeconds(10);
    private static final Duration END_WITHIN = Duration.ofSeconds(15);

    private final NodeParts parts;
    private final Processing processing;
    private final CallCodec codec;
    private final LocalPartitions locals;
    private final PassiveCopies passive;
    private final PartitionHost host;
    private final Hosting hosting;
    private final ImageCheck check;
    private final Readiness readiness;
    private final Serving serving;
    private final Backlogs backlogs;
    private final StepProcessing steps;
    private final Set<String> processors;
    private final ActorSystem<Membership.Message> system;
    private final String self;
    private final Lifelines lifelines;
    private final RemoteCalls calls;
    private final Map<String, ActorRef<Membership.Message>> refs = new ConcurrentHashMap<>();
    private final CountDownLatch left = new CountDownLatch(1);
    private volatile long memberSince;
    private volatile boolean hasJoined;

    /// Runs a processor on this node.
    @FunctionalInterface
    public interface Processing {
        Reply<Object> process(
                Processor<Object, Object> processor,
                String id,
                long expectedRevision,
                Object request,
                Cause cause);
    }

    private ClusterMember(
            Microsystems microsystems,
            NodeParts parts,
            Processing processing,
            ViewHost views,
            SagaHost sagas) {
        this.parts = parts;
        this.processing = processing;
        this.codec = new CallCodec(microsystems, parts.codec().json());
        this.locals = new LocalPartitions(parts.log().partitions());
        this.passive = new PassiveCopies(parts);
        this.host = new PartitionHost(parts, locals, passive);
        this.check = new ImageCheck(this, passive);
        this.readiness = new Readiness(this);
        this.serving = new Serving(parts, codec, processing, locals, sagas, this::sendAnswer);
        this.backlogs = new Backlogs(this, sagas);
        this.processors = processors(microsystems, parts.settings().cluster());
        this.steps = new StepProcessing(parts, this::processAnywhere);
        ClusterSettings settings = parts.settings().cluster();
        List<String> addresses = Seeds.addresses(settings, System.getenv());
        this.system =
                ActorSystem.create(
                        Membership.create(this),
                        microsystems.name(),
                        PekkoConfig.of(settings, addresses, microsystems.here()));
        Cluster cluster = Cluster.get(system);
        this.self = Membership.text(cluster.selfMember().address());
        this.hosting = new Hosting(self, uid(cluster), parts, host, views, sagas, this);
        try {
            this.lifelines =
                    Lifelines.open(
                            settings.host(),
                            parts.blocking(),
                            uid -> system.tell(new Membership.SeenGone(uid)));
            this.calls =
                    new RemoteCalls(
                            settings,
                            new Peer(self, uid(cluster)),
                            this::onAsk,
                            (address, message) -> refOf(address).tell(message),
                            parts.blocking());
        } catch (IOException e) {
            system.terminate();
            throw new UncheckedIOException("no port for lifelines and calls: " + e.getMessage(), e);
        }
        List<String> seeds = Seeds.of(addresses, self).toAsk();
        if (seeds.isEmpty()) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        } else {
            cluster.manager()
                    .tell(
                            new JoinSeedNodes(
                                    seeds.stream()
                                            .map(seed -> uri(microsystems.name(), seed))
                                            .map(AddressFromURIString::parse)
                                            .toList()));
        }
    }

    /// Joins, and starts to take partitions.
    public static ClusterMember join(
            Microsystems microsystems,
            NodeParts parts,
            Processing processing,
            ViewHost views,
            SagaHost sagas) {
        ClusterMember member = new ClusterMember(microsystems, parts, processing, views, sagas);
        member.hosting.keepViews();
        member.check.start();
        member.readiness.look();
        return member;
    }

    /// The names of those that this node has the role for.
    private static Set<String> processors(Microsystems microsystems, ClusterSettings settings) {
        return settings.has(Role.PROCESSOR)
                ? microsystems.all().stream()
                        .filter(one -> microsystems.here().contains(one.name()))
                        .flatMap(one -> one.processors().stream())
                        .map(Processor::name)
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    private static String uri(String system, String address) {
        return "pekko://" + system + "@" + address;
    }

    @Override
    public void onPeers(List<Peer> now, Set<Long> settled) {
        hosting.place(now, settled);
        if (isMember()) {
            memberSince = hasJoined ? memberSince : System.nanoTime();
            hasJoined = true;
        } else if (hasJoined) {
            left.countDown();
        }
    }

    /// Whether this node may take its share: it has followed for a while, so that the JVM has
    /// compiled what commands run through, and its passive copies are complete.
    @Override
    public boolean isWarm() {
        return System.nanoTime() - memberSince > FOLLOWS_FIRST.toNanos() && passive.areWarm();
    }

    @Override
    public void onLost(Peer peer) {
        lifelines.forget(peer.uid());
        parts.blocking().execute(() -> calls.lost(peer));
    }

    @Override
    public void onHello(Wire.Hello hello) {
        lifelines.hold(hello.uid(), hello.host(), hello.lifelinePort());
        calls.hold(hello);
    }

    @Override
    public void greet(Peer peer, boolean isSettled) {
        long uid = uid(Cluster.get(system));
        tell(peer, new Wire.Hello(self, uid, lifelines.port(), calls.port(), isSettled));
    }

    private static long uid(Cluster cluster) {
        return cluster.selfMember().uniqueAddress().longUid();
    }

    @Override
    public void tell(Peer peer, Wire message) {
        refOf(peer.address()).tell(message);
    }

    private ActorRef<Membership.Message> refOf(String address) {
        return refs.computeIfAbsent(
                address,
                _ ->
                        ActorRefResolver.get(system)
                                .resolveActorRef(uri(system.name(), address) + "/user"));
    }

    @Override
    public void onAnswer(Wire.Answer answer) {
        parts.blocking().execute(() -> calls.answered(answer));
    }

    @Override
    public void onAsk(Wire.Ask ask) {
        parts.blocking().execute(() -> serving.serve(ask));
    }

    private void sendAnswer(Wire.Ask ask, byte[] body) {
        calls.answer(ask, body);
    }

    private int partition(Question.OfAggregate question) {
        return parts.log().partitionOf(question.aggregate().stream(question.id()));
    }

    CallCodec codec() {
        return codec;
    }

    /// The other node that hosts a partition; `null` when none does or this one will.
    @Nullable Peer owner(int partition) {
        return hosting.owner(partition);
    }

    void later(long millis, Runnable task) {
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, parts.blocking())
                .execute(task);
    }

    /// Asks another node.
    CompletableFuture<byte[]> ask(Peer peer, byte[] body) {
        CompletableFuture<byte[]> answer = calls.ask(peer, body);
        if (!hosting.peers().contains(peer)) {
            calls.lost(peer); // before it could be told of this call
        }
        return answer;
    }

    /// Asks a partition of this node, when it is here.
    boolean askLocal(int partition, Question.OfAggregate question, ReplyTo<Reply<Object>> replyTo) {
        return locals.ask(partition, question, replyTo);
    }

    @Override
    public CompletionStage<Reply<Object>> send(
            Aggregate<Object, Object, Object> to, String id, Object command, Cause cause) {
        return deliver(
                new Question.Command(
                        to, id, command, CommandCall.ANY, cause, Question.Answer.OUTCOME));
    }

    @Override
    public CompletionStage<Reply<Object>> tell(
            Aggregate<Object, Object, Object> saga, String id, Object command, Cause cause) {
        return deliver(new Question.Command(saga, id, command, CommandCall.ANY, cause));
    }

    @SuppressWarnings("unchecked")
    public <S> CompletionStage<Reply<S>> send(
            Aggregate<?, ?, S> aggregate,
            String id,
            Object command,
            long expectedRevision,
            Cause cause) {
        var question =
                new Question.Command(
                        (Aggregate<Object, Object, Object>) aggregate,
                        id,
                        command,
                        expectedRevision,
                        cause);
        return (CompletionStage<Reply<S>>) (CompletionStage<?>) deliver(question);
    }

    private CompletableFuture<Reply<Object>> deliver(Question.OfAggregate question) {
        return question instanceof Question.Command command
                ? carriedOut(command)
                : delivered(question);
    }

    private CompletableFuture<Reply<Object>> carriedOut(Question.Command command) {
        String parent = command.cause().traceParent();
        Span span =
                parts.settings()
                        .tracing()
                        .follow(
                                command.command().getClass().getSimpleName(),
                                SpanKind.INTERNAL,
                                parent);
        if (!span.isRecording()) {
            return delivered(command);
        }
        span.setAttribute("fakta.aggregate", command.aggregate().name())
                .setAttribute("fakta.id", command.id());
        return delivered(command.tracedBy(Tracing.parent(span, parent)))
                .whenComplete((reply, _) -> Tracing.end(span, reply));
    }

    private CompletableFuture<Reply<Object>> delivered(Question.OfAggregate question) {
        return new Delivery(
                        this,
                        partition(question),
                        question,
                        parts.settings().answerWithin().toNanos())
                .start()
                .answer();
    }

    /// The committed state of an aggregate: at once when it is in this JVM's memory.
    @Override
    @SuppressWarnings("unchecked")
    public CompletionStage<Reply<Object>> state(Aggregate<?, ?, ?> aggregate, String id) {
        String stream = aggregate.stream(id);
        LocalPartitions.Local local = locals.find(parts.log().partitionOf(stream));
        Versioned<Object> committed = local == null ? null : local.committed(stream);
        return committed != null
                ? CompletableFuture.completedFuture(new Reply.Accepted<>(committed))
                : deliver(new Question.State((Aggregate<Object, Object, Object>) aggregate, id));
    }

    /// Whether the partition of an aggregate is here and its claim has ended.
    public boolean hosts(Aggregate<?, ?, ?> aggregate, String id) {
        LocalPartitions.Local local = locals.find(parts.log().partitionOf(aggregate.stream(id)));
        return local != null && local.isPlaced();
    }

    /// The address of the other node that has the partition of an aggregate, or is about to.
    public Optional<String> hostElsewhere(Aggregate<?, ?, ?> aggregate, String id) {
        return Optional.ofNullable(owner(parts.log().partitionOf(aggregate.stream(id))))
                .map(Peer::address);
    }

    /// Has a processor work on a request, here or on another node.
    @Override
    public CompletionStage<Reply<Object>> process(
            String processor, String id, Object request, Cause cause) {
        return steps.process(
                new Question.Submission(
                        codec.processor(processor),
                        id,
                        CommandCall.ANY,
                        request,
                        cause,
                        Question.Answer.OUTCOME));
    }

    private Reply<Object> processAnywhere(Question.Submission question) {
        return runs(question.processor())
                ? processing.process(
                        question.processor(),
                        question.id(),
                        question.expectedRevision(),
                        question.request(),
                        question.cause())
                : process(question);
    }

    /// Whether this node has the role for a processor's microsystem.
    public boolean runs(Processor<?, ?> processor) {
        return processors.contains(processor.name());
    }

    /// Has a processor on another node work on a request. Waits for it.
    public Reply<Object> process(Question.Submission question) {
        return new ProcessorCall(this, question, parts.settings().answerWithin().toNanos()).run();
    }

    /// The node to run a processor on, of those that have not been tried: the one with the fewest
    /// open calls from here. `null` when there is none.
    @Nullable Peer processorNode(Processor<?, ?> processor, List<Peer> tried) {
        String owner = parts.microsystems().owner(processor).name();
        return Placement.hosts(hosting.peers(), Role.PROCESSOR, owner).stream()
                .filter(peer -> !hosting.isSelf(peer) && !tried.contains(peer))
                .min(Comparator.comparingLong(calls::openTo))
                .orElse(null);
    }

    /// Whether this node has said that it is ready, see [Readiness].
    public boolean isReady() {
        return readiness.isReady();
    }

    /// What it waits for before it is ready, as a sentence.
    public String missing() {
        return readiness.missing();
    }

    /// See [Hosting#unplaced].
    @Nullable BitSet unplaced() {
        return hosting.unplaced(locals.placed());
    }

    boolean isLeaving() {
        return hosting.isEnding();
    }

    /// The other nodes that host aggregates.
    List<Peer> aggregateHosts() {
        return hosting.peers().stream()
                .filter(peer -> !hosting.isSelf(peer) && peer.has(Role.AGGREGATE))
                .toList();
    }

    /// The other nodes that sagas, couriers and clocks may run on.
    List<Peer> sagaHosts() {
        return hosting.peers().stream()
                .filter(peer -> !hosting.isSelf(peer) && peer.has(Role.SAGA))
                .toList();
    }

    /// How many milliseconds what happens now would wait for the sagas, couriers and clocks of the
    /// cluster, one after the other. Waits for nothing.
    public long backlogMillis() {
        return backlogs.millis();
    }

    public int activePartitions() {
        return locals.count();
    }

    public int passiveCopies() {
        return passive.count();
    }

    /// How often a passive copy was found to differ from its active one.
    public long differingImages() {
        return check.differing();
    }

    public long comparedImages() {
        return check.compared();
    }

    public int commandsWaiting() {
        return locals.waiting();
    }

    /// What there is to do here, with what the processors of this node count.
    public NodeLoad load(int processorsInFlight, long processorsRefused) {
        AppendCounts appends = locals.appends();
        return new NodeLoad(
                locals.count(),
                passive.count(),
                locals.waiting(),
                locals.refused(),
                processorsInFlight,
                processorsRefused,
                calls.open(),
                appends.events(),
                parts.codec().decoded(),
                appends.failures(),
                appends.durations(),
                appends.forgotten(),
                parts.codec().snapshots().skipped(),
                parts.log().databasesAway(),
                check.compared(),
                check.differing(),
                parts.clocks().secondsAhead(),
                backlogs.ownMillis() / 1_000.0);
    }

    /// Whether the thread that follows the log for the passive copies lives.
    public boolean isAlive() {
        return passive.isAlive();
    }

    /// How many nodes its cluster has, as far as it knows.
    public int nodes() {
        return hosting.peers().size();
    }

    /// Whether this node is part of its cluster.
    public boolean isMember() {
        return hosting.peers().stream().anyMatch(hosting::isSelf);
    }

    /// Completes when this node is no member any more: it has left, or the others gave it up.
    public CompletionStage<?> ended() {
        return system.getWhenTerminated();
    }

    /// Leaves, and waits until others know: partitions go to the nodes that keep them warm.
    public void leave() {
        hosting.end();
        steps.close();
        Cluster cluster = Cluster.get(system);
        boolean isAlone = hosting.peers().stream().allMatch(hosting::isSelf);
        try {
            if (!isAlone && cluster.selfMember().status().equals(MemberStatus.up())) {
                system.tell(new Membership.Depart());
                boolean _ = left.await(LEAVE_WITHIN.toSeconds(), TimeUnit.SECONDS);
            }
            host.close();
            system.terminate();
            system.getWhenTerminated()
                    .toCompletableFuture()
                    .get(END_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("the node does not leave in time", e);
        } finally {
            calls.close();
            lifelines.close();
        }
    }
}
