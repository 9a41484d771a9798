// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

/// What a node has to do, at one moment: what an autoscaler and an operator look at. To ask for it
/// costs nothing, and no log and no database is needed for it.
///
/// @param activePartitions the partitions that this node owns
/// @param passivePartitions the partitions that it keeps a warm copy of
/// @param commandsWaiting commands and reads in its partitions that have no answer yet
/// @param commandsRefused how many its partitions have answered with `Busy`
/// @param processorsInFlight requests that its processors work on; none ever waits for one
/// @param processorsRefused how many its processors have answered with `Busy`
/// @param callsOpen what it has asked other nodes and has no answer to
/// @param eventsAppended how many events its partitions have appended
/// @param eventsDecoded how often the node has read an event from its JSON, as it was not in memory
/// @param appendsFailed how many appends have failed
/// @param appends how long those took that did not
/// @param commandsForgotten how many command ids were forgotten that were not ten minutes old
/// @param snapshotsSkipped how many snapshots could not be made or used
/// @param databasesAway databases of the log that do not answer at present
/// @param comparedImages how many aggregates have been compared with their active copy
/// @param differingImages how many of them differed: not one, or there is a defect
/// @param clockAheadSeconds by how much the furthest time that the node has met is ahead of its
///   clock; 0 unless that is more than a minute
/// @param backlogSeconds how long what happens now would wait for the sagas, couriers and clocks
///   that run on this node, see [Node#backlog]
public record NodeLoad(
        int activePartitions,
        int passivePartitions,
        int commandsWaiting,
        long commandsRefused,
        int processorsInFlight,
        long processorsRefused,
        int callsOpen,
        long eventsAppended,
        long eventsDecoded,
        long appendsFailed,
        Durations appends,
        long commandsForgotten,
        long snapshotsSkipped,
        int databasesAway,
        long comparedImages,
        long differingImages,
        double clockAheadSeconds,
        double backlogSeconds) {}
