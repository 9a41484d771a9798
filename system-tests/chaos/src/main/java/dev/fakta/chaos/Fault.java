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

    /// Whether no request may fail under it.
    boolean isPlanned() {
        return this == RESTART;
    }
}
