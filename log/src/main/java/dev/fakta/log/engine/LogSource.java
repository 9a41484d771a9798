// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log.engine;

import dev.fakta.log.LogReader;
import dev.fakta.log.Positions;
import java.time.Duration;

/// One of several logs, or one database of a log, that [LogSources] joins: it has the partitions
/// from [#first] to before [#end], by the numbers that they have in the joined log.
public interface LogSource {

    int first();

    /// The number of the partition behind the last one.
    int end();

    /// The offset of the newest committed record of each of these partitions.
    Positions heads();

    /// Follows some of these partitions. The call itself waits for no network.
    LogReader reader(Positions after);

    /// Whether the source is known not to answer at present, so that nobody waits for it.
    boolean isAway();

    /// How often a waiting reader looks into the source by itself, for the case that the source did
    /// not signal that it has grown.
    Duration poll();

    /// Runs `follower` whenever the source may have grown, or is closed.
    void follow(Runnable follower);

    /// Ends a [#follow].
    void unfollow(Runnable follower);
}
