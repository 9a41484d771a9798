// SPDX-License-Identifier: Apache-2.0
package dev.fakta.chaos;

/// What can be done to a cluster.
enum Fault {
    KILL("kill -9", "#d62728"),
    FREEZE("SIGSTOP, then SIGCONT", "#9467bd"),
    RESTART("graceful restart", "#2ca02c"),
    DATABASE_RESTART("database restart", "#8c564b"),
    DATABASE_CUT("no way to the database", "#e377c2"),
    DATABASE_SLOW("slow database", "#bcbd22"),
    DISK_SLOW("slow disk of the database", "#aec7e8"),
    CLOCK_JUMP("wall clock jumps", "#ff9896"),
    CLOCK_DRIFT("wall clock drifts", "#c5b0d5"),
    ISOLATION("no way to the other nodes", "#ff7f0e"),
    DEAFNESS("hears the other nodes no more", "#17becf"),
    ISLAND("no way to nodes and database", "#7f7f7f");

    private final String label;
    private final String colour;

    Fault(String label, String colour) {
        this.label = label;
        this.colour = colour;
    }

    String label() {
        return label;
    }

    /// In plots.
    String colour() {
        return colour;
    }

    /// Whether it takes a network that can be cut.
    boolean cutsNodes() {
        return this == ISOLATION || this == DEAFNESS || this == ISLAND;
    }

    /// For people: what it takes that not every machine has.
    String needs() {
        return cutsNodes()
                ? "it needs root and network namespaces"
                : "it needs root and control groups that limit the disk";
    }

    /// Whether it happens to the database as a whole, and so to no node in particular.
    boolean isOfDatabase() {
        return this == DATABASE_RESTART || this == DATABASE_SLOW || this == DISK_SLOW;
    }

    /// Whether it takes a node whose wall clock can be set.
    boolean isOfClock() {
        return this == CLOCK_JUMP || this == CLOCK_DRIFT;
    }

    /// Whether no request may fail under it.
    boolean isPlanned() {
        return this == RESTART;
    }
}
