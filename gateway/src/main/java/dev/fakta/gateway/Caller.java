// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.log.NewEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// Who sends a request, and what it may do. Facts that follow from the request have the name as
/// their `actor`, and idempotency keys are told apart by it: two callers of one name are one.
///
/// @param name empty when the request says nothing of its caller
/// @param roles none of a caller that may do no more than anybody
/// @param customer its id as a customer: with no role but [CallerRole#CUSTOMER] a caller sees and
///   changes what is this customer's, and nothing when it is empty
public record Caller(String name, Set<CallerRole> roles, String customer) {

    private static final Caller TRUSTED = new Caller("", EnumSet.allOf(CallerRole.class), "");

    /// Anybody: has no name, and no role.
    static final Caller ANYBODY = new Caller("", Set.of(), "");

    /// @throws IllegalArgumentException when the name cannot be an actor of facts
    public Caller {
        roles = Set.copyOf(roles);
        if (name.chars().anyMatch(Character::isISOControl)
                || name.getBytes(StandardCharsets.UTF_8).length > NewEvent.LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "a caller's name has at most %d bytes, and no control characters"
                            .formatted(NewEvent.LONGEST_NAME));
        }
    }

    /// A caller whose id as a customer is its name.
    public Caller(String name, Set<CallerRole> roles) {
        this(name, roles, name);
    }

    /// A caller with these roles, whose id as a customer is its name.
    public static Caller named(String name, CallerRole... roles) {
        return new Caller(name, Set.copyOf(Arrays.asList(roles)));
    }

    /// The same caller, with this id as a customer.
    public Caller forCustomer(String id) {
        return new Caller(name, roles, id);
    }

    /// Who may do everything without saying who it is: the callers of a server that trusts them.
    public static Caller trusted() {
        return TRUSTED;
    }

    /// Whether the caller has one of the roles. An administrator has them all.
    public boolean isOneOf(Set<CallerRole> wanted) {
        return roles.contains(CallerRole.ADMIN) || roles.stream().anyMatch(wanted::contains);
    }

    /// What processors may do on its behalf beyond the ordinary.
    Set<String> permissions() {
        Set<CallerRole> all =
                roles.contains(CallerRole.ADMIN) ? EnumSet.allOf(CallerRole.class) : roles;
        return all.stream().map(CallerRole::permission).collect(Collectors.toUnmodifiableSet());
    }
}
