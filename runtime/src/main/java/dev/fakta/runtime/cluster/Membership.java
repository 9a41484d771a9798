// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Leave;
import org.apache.pekko.cluster.typed.Subscribe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Knows which nodes there are, and tells this node when that changes. The root actor of every
/// node, and so the address that other nodes' messages go to.
///
/// Three things say that a node is gone: it left, the cluster's heartbeats gave it up (seconds), or
/// its process has ended as this node's lifeline to it and one more node's say (milliseconds). The
/// last is acted upon at once and told to the cluster, which then drops the node. A node that
/// leaves says so itself, to each of the others: gossip would take a few hundred milliseconds, in
/// which its partitions would be nobody's.
final class Membership extends AbstractBehavior<Membership.Message> {

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final Duration TICK = Duration.ofMillis(200);
    private static final int TICKS_PER_HELLO = 5;

    /// What the actor takes.
    sealed interface Message permits Wire, Tick, Changed, SeenGone, Depart {}

    record Tick() implements Message {}

    /// Something about the cluster has changed.
    record Changed(MemberEvent event) implements Message {}

    /// This node's own lifeline says so.
    record SeenGone(long uid) implements Message {}

    /// This node is about to leave.
    record Depart() implements Message {}

    /// Who acts on what the membership finds out. Called by the actor's thread; does not block.
    interface Listener {
        /// The nodes that are here now, this one with them when it takes part, and the uids of
        /// those that have settled, see [Placement].
        void onPeers(List<Peer> peers, Set<Long> settled);

        /// Whether this node, which is a member and has not settled, can take its share warm.
        boolean isWarm();

        /// A node is gone, and with it what it was asked.
        void onLost(Peer peer);

        void onAsk(Wire.Ask ask);

        void onAnswer(Wire.Answer answer);

        void onHello(Wire.Hello hello);

        /// The node is there, or is still there: it may be told where to hold a lifeline.
        void greet(Peer peer, boolean isSettled);

        void tell(Peer peer, Wire message);
    }

    private final Cluster cluster;
    private final String self;
    private final long uid;
    private final Listener listener;
    private final Map<Long, Set<String>> witnesses = new HashMap<>();
    private final Set<Long> gone = new HashSet<>();
    private final Set<Long> leaving = new HashSet<>();
    private final Set<Long> settled = new HashSet<>();
    private List<Peer> peers = List.of();
    private int ticks;

    private Membership(ActorContext<Message> context, Listener listener) {
        super(context);
        this.cluster = Cluster.get(context.getSystem());
        this.self = text(cluster.selfMember().address());
        this.uid = cluster.selfMember().uniqueAddress().longUid();
        this.listener = listener;
        var changes = context.messageAdapter(MemberEvent.class, Changed::new);
        cluster.subscriptions().tell(Subscribe.create(changes, MemberEvent.class));
    }

    static Behavior<Message> create(Listener listener) {
        return Behaviors.setup(
                context ->
                        Behaviors.withTimers(
                                timers -> {
                                    timers.startTimerWithFixedDelay(new Tick(), TICK);
                                    return new Membership(context, listener);
                                }));
    }

    /// An address as peers have it: `host:port`.
    static String text(Address address) {
        return address.getHost().orElse("") + ":" + address.getPort().orElse(0);
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder().onAnyMessage(this::receive).build();
    }

    private Behavior<Message> receive(Message message) {
        switch (message) {
            case Tick _ -> tick();
            case Changed _ -> refresh();
            case SeenGone(var uid) -> seenGone(uid);
            case Wire.Gone(var from, var uid) -> witnessed(uid, from);
            case Depart _ -> depart();
            case Wire.Leaving(_, var uid) -> leaves(uid);
            case Wire.Ask ask -> listener.onAsk(ask);
            case Wire.Answer answer -> listener.onAnswer(answer);
            case Wire.Settled(_, var uid) -> settles(uid, true);
            case Wire.Hello hello -> {
                settles(hello.uid(), hello.isSettled());
                listener.onHello(hello);
            }
        }
        return this;
    }

    private void tick() {
        refresh();
        if (isHere() && !settled.contains(uid) && listener.isWarm()) {
            others().forEach(peer -> listener.tell(peer, new Wire.Settled(self, uid)));
            settles(uid, true);
        }
        if (ticks++ % TICKS_PER_HELLO == 0) {
            others().forEach(this::greet);
        }
    }

    private void greet(Peer peer) {
        listener.greet(peer, settled.contains(uid));
    }

    private boolean isHere() {
        return peers.stream().anyMatch(peer -> peer.uid() == uid);
    }

    private void settles(long who, boolean isSettled) {
        boolean isChanged = isSettled ? settled.add(who) : settled.remove(who);
        if (isChanged && peers.stream().anyMatch(peer -> peer.uid() == who)) {
            listener.onPeers(peers, Set.copyOf(settled));
        }
    }

    private List<Peer> others() {
        return peers.stream().filter(peer -> !peer.address().equals(self)).toList();
    }

    /// Takes the cluster's own state, less what is known to be gone.
    private void refresh() {
        List<Peer> now = new ArrayList<>();
        Set<Long> present = new HashSet<>();
        for (Member member : cluster.state().getMembers()) {
            long uid = member.uniqueAddress().longUid();
            present.add(uid);
            boolean isUp = member.status().equals(MemberStatus.up());
            if (isUp && !gone.contains(uid) && !leaving.contains(uid)) {
                now.add(new Peer(text(member.address()), uid, roles(member), microsystems(member)));
            }
        }
        gone.retainAll(present);
        leaving.retainAll(present);
        witnesses.keySet().retainAll(present);
        if (!Set.copyOf(now).equals(Set.copyOf(peers))) {
            change(now, present);
        }
    }

    private void change(List<Peer> now, Set<Long> present) {
        List<Peer> before = peers;
        boolean wasHere = isHere();
        peers = List.copyOf(now);
        settled.retainAll(present);
        if (!wasHere && isHere()) {
            arrive();
        }
        LOG.info("the nodes are {}", peers.stream().map(Peer::address).sorted().toList());
        listener.onPeers(peers, Set.copyOf(settled));
        for (Peer peer : before) {
            if (!present.contains(peer.uid()) || gone.contains(peer.uid())) {
                listener.onLost(peer);
            }
        }
        others().stream().filter(peer -> !before.contains(peer)).forEach(this::greet);
    }

    /// Those who were here before have settled, unless their hello says otherwise. Who finds nobody
    /// that hosts aggregates has nobody to wait for.
    private void arrive() {
        others().forEach(peer -> settled.add(peer.uid()));
        if (others().stream().noneMatch(peer -> peer.has(Role.AGGREGATE))) {
            settled.add(uid);
        }
    }

    private static Set<String> microsystems(Member member) {
        Set<String> hosted = new HashSet<>();
        for (String role : member.getRoles()) {
            if (role.startsWith(PekkoConfig.HOSTS)) {
                hosted.add(role.substring(PekkoConfig.HOSTS.length()));
            }
        }
        return hosted;
    }

    private static Set<Role> roles(Member member) {
        Set<Role> roles = new HashSet<>();
        for (Role role : Role.values()) {
            if (member.hasRole(role.text())) {
                roles.add(role);
            }
        }
        return roles;
    }

    private void depart() {
        others().forEach(peer -> listener.tell(peer, new Wire.Leaving(self, uid)));
        leaves(uid);
        cluster.manager().tell(Leave.create(cluster.selfMember().address()));
    }

    private void leaves(long who) {
        leaving.add(who);
        refresh();
    }

    private void seenGone(long who) {
        others().forEach(peer -> listener.tell(peer, new Wire.Gone(self, who)));
        witnessed(who, self);
    }

    /// Believes it when this node has seen it itself and another one says so too, if there is one.
    private void witnessed(long who, String witness) {
        Optional<Peer> suspect = others().stream().filter(peer -> peer.uid() == who).findAny();
        if (suspect.isEmpty()) {
            return;
        }
        Set<String> seenBy = witnesses.computeIfAbsent(who, _ -> new HashSet<>());
        seenBy.add(witness);
        int needed = Math.min(2, peers.size() - 1);
        if (seenBy.contains(self) && seenBy.size() >= needed) {
            LOG.warn("the process of {} has ended", suspect.get().address());
            gone.add(who);
            down(who);
            refresh();
        }
    }

    private void down(long who) {
        for (Member member : cluster.state().getMembers()) {
            if (member.uniqueAddress().longUid() == who) {
                cluster.manager().tell(new Down(member.address()));
            }
        }
    }
}
