// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// What a node hosts. By default all of it.
public enum Role {
    /// Takes requests from outside.
    GATEWAY,
    /// Runs processors, for itself and for others.
    PROCESSOR,
    /// Hosts partitions: active ones, and passive copies.
    AGGREGATE,
    /// Runs views.
    VIEW,
    /// Runs sagas. Where no node does, they wait: what they are to react to is in the log.
    SAGA;

    /// As it is written in settings and in the cluster: in lower case.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Reads role names separated by commas.
    ///
    /// @throws IllegalArgumentException naming what is no role
    public static Set<Role> parse(String texts) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String text : texts.split(",", -1)) {
            roles.add(
                    Arrays.stream(values())
                            .filter(role -> role.text().equals(text.strip()))
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            new IllegalArgumentException(
                                                    "'%s' is no role; there are gateway, processor, aggregate, view and saga"
                                                            .formatted(text.strip()))));
        }
        return roles;
    }
}
