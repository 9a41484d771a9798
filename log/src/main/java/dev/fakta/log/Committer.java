// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import dev.fakta.log.LogException.Category;
import dev.fakta.log.engine.CommitQueue;
import java.lang.System.Logger.Level;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The log thread: takes the requests that wait, makes one frame of them, writes and forces the
/// frame once, publishes it, and answers the requests. While one frame is forced, requests gather
/// for the next one, so the more there is to do, the more each force carries.
final class Committer implements Runnable {

    private static final System.Logger LOG = System.getLogger(Committer.class.getName());

    /// How long the next frame gathers after one that carried several requests. A force costs about
    /// as much CPU as ten orders, and callers who are answered together come again together: with
    /// 64 of them this made a frame of 3 requests one of 15. A lone caller never waits for it. (As
    /// PostgreSQL's `commit_delay`.)
    private static final long GATHER = TimeUnit.MICROSECONDS.toNanos(200);

    private static final int MARK_EVERY = 1 << 20;
    private static final int KEPT_BUFFER = 4 << 20;

    private final SegmentLogSettings settings;
    private final CommitQueue<SegmentRequest> queue;
    private final LogState state;
    private final Tail tail;
    private final StreamIndex index;
    private final RecentFrames recent;
    private final CommittedEnd committed;
    private final AtomicLongArray heads;
    private final FrameBuilder builder;
    private final MessageDigest sha = Frame.newDigest();
    private byte[] frame = new byte[1 << 16];
    private long sinceMark;
    private long sinceCheckpoint;
    private boolean isCheckpointFailing;
    private @Nullable LogException broken;

    Committer(
            SegmentLogSettings settings,
            CommitQueue<SegmentRequest> queue,
            LogState state,
            Tail tail,
            StreamReads streams,
            RecentFrames recent,
            CommittedEnd committed,
            InstantSource clock) {
        this.settings = settings;
        this.queue = queue;
        this.state = state;
        this.tail = tail;
        this.index = streams.index();
        this.recent = recent;
        this.committed = committed;
        this.heads = new AtomicLongArray(state.partitions().heads());
        this.builder = new FrameBuilder(state, streams, clock);
        this.sinceMark = MARK_EVERY;
    }

    Positions heads() {
        long[] offsets = new long[heads.length()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = heads.getAcquire(i);
        }
        return Positions.ofAll(offsets);
    }

    @Override
    public void run() {
        List<SegmentRequest> taken = List.of();
        LogException end = CommitQueue.closed();
        try {
            for (taken = queue.take(settings.frameBytes());
                    !taken.isEmpty();
                    taken = queue.take(settings.frameBytes())) {
                commit(taken);
                if (taken.size() > 1) {
                    LockSupport.parkNanos(GATHER);
                }
            }
        } catch (RuntimeException | Error e) { // nobody waits for a log thread that is not there
            end = stopped(e);
            queue.close();
        }
        fail(taken, end);
        queue.failAll(end);
    }

    private static LogException stopped(Throwable e) {
        LOG.log(Level.ERROR, "the log stops after an unexpected failure", e);
        return new LogException(Category.UNAVAILABLE, "the log has stopped", e);
    }

    private static void fail(List<SegmentRequest> requests, LogException failure) {
        requests.forEach(request -> request.fail(failure));
    }

    private void commit(List<SegmentRequest> requests) {
        if (broken != null) {
            fail(requests, broken);
            return;
        }
        boolean _ = Thread.interrupted(); // by a stage; it would close the file below a write
        builder.begin();
        try {
            requests.forEach(builder::admit);
            if (!builder.isEmpty()) {
                write();
            }
        } catch (LogException e) {
            builder.fail(e);
        } catch (RuntimeException | Error e) { // a fault of ours: stop, but answer
            broken = stopped(e);
            builder.fail(broken);
        }
        builder.settle();
        if (sinceCheckpoint >= settings.checkpointBytes()
                || index.changed() >= settings.checkpointStreams()) {
            sinceCheckpoint = 0;
            checkpoint();
        }
    }

    /// A log without a checkpoint works, and its next opening reads more: so a failure, as when
    /// there is no thread for it, is logged once until one has been begun.
    private void checkpoint() {
        try {
            index.checkpoint(state);
            isCheckpointFailing = false;
        } catch (RuntimeException | Error e) {
            if (!isCheckpointFailing) {
                LOG.log(Level.WARNING, "cannot begin a checkpoint, will retry", e);
            }
            isCheckpointFailing = true;
        }
    }

    private void write() {
        boolean isMarked = sinceMark >= MARK_EVERY;
        int markBytes = isMarked ? Entry.HEADER + 8 * heads.length() : 0;
        int length = Frame.HEADER + markBytes + builder.bytes();
        tail.reserve(length, state);
        int segment = tail.segment().number();
        int at = tail.end();
        if (frame.length < length || frame.length > Math.max(length, KEPT_BUFFER)) {
            frame = new byte[Math.max(length, Math.min(2 * length, KEPT_BUFFER))];
        }
        if (isMarked) {
            boolean same = Location.segment(state.mark()) == segment;
            byte[] mark =
                    Entry.mark(same ? state.mark() : Location.NONE, state.partitions().heads());
            System.arraycopy(mark, 0, frame, Frame.HEADER, markBytes);
        }
        int entries =
                builder.write(frame, Frame.HEADER + markBytes, Location.of(segment, at))
                        + (isMarked ? 1 : 0);
        byte[] _ = Frame.seal(frame, length, entries, state.sequence() + 1, state.hash(), sha);
        tail.append(frame, length);
        publish(at, length, isMarked);
    }

    private void publish(int at, int length, boolean isMarked) {
        try {
            state.apply(tail.segment(), at);
        } catch (LogException e) {
            throw new AssertionError("a frame just written does not fit the log", e);
        }
        sinceMark = isMarked ? length : sinceMark + length;
        sinceCheckpoint += length;
        for (int i = 0; i < heads.length(); i++) {
            heads.setRelease(i, state.partitions().heads()[i]);
        }
        builder.events().ifPresent(events -> recent.add(state.sequence(), length, events));
        committed.moveTo(state.end());
    }
}
