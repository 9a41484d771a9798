// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.cluster;

import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Versioned;
import dev.fakta.runtime.partition.PassiveCopies;
import dev.fakta.runtime.partition.PassiveCopy;
import dev.fakta.runtime.partition.Question;
import dev.fakta.runtime.partition.Resident;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares passive copies with their active ones in the background, one aggregate of each copy at
/// a time: both have folded the same events, so they are equal, or `evolve` is not a pure function
/// (or there is a fault in the runtime). A difference is an alarm, and no reason to stop: the log
/// is right, and both copies can be made anew from it.
final class ImageCheck {

    private static final Logger LOG = LoggerFactory.getLogger(ImageCheck.class);
    private static final long PAUSE_MILLIS = 2_000;

    private final ClusterMember member;
    private final PassiveCopies copies;
    private final AtomicLong compared = new AtomicLong();
    private final AtomicLong differing = new AtomicLong();

    ImageCheck(ClusterMember member, PassiveCopies copies) {
        this.member = member;
        this.copies = copies;
    }

    void start() {
        member.later(PAUSE_MILLIS, this::round);
    }

    private void round() {
        if (copies.isClosed()) {
            return;
        }
        for (PassiveCopy copy : copies.all()) {
            Resident resident = copy.any(ThreadLocalRandom.current());
            Peer owner = member.owner(copy.partition());
            if (resident != null && owner != null) {
                compare(resident, owner);
            }
        }
        start();
    }

    private void compare(Resident resident, Peer owner) {
        var question = new Question.State(resident.aggregate, resident.id);
        var _ =
                member.ask(owner, member.codec().question(question))
                        .thenAccept(
                                answer ->
                                        compare(
                                                resident,
                                                member.codec().answer(resident.aggregate, answer)))
                        .exceptionally(
                                failure -> {
                                    LOG.debug("{} is not compared", resident.stream, failure);
                                    return null;
                                });
    }

    private void compare(Resident resident, Reply<Object> reply) {
        @Nullable Versioned<Object> here = resident.committed;
        if (here != null
                && reply instanceof Reply.Accepted<Object>(var active)
                && active.revision() == here.revision()) { // else one of them is on its way
            compared.incrementAndGet();
            if (!active.state().equals(here.state())) {
                differing.incrementAndGet();
                LOG.error(
                        "the active and the passive copy of {} differ at revision {}",
                        resident.stream,
                        here.revision());
            }
        }
    }

    long compared() {
        return compared.get();
    }

    long differing() {
        return differing.get();
    }
}
