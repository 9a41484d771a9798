// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/// Whom a route is for. Administrators may use every route.
///
/// @param isOpen whether it is for anybody, with credentials or without
/// @param roles of the callers that it is for when it is not open
record RouteAccess(boolean isOpen, Set<CallerRole> roles) {

    static final RouteAccess ANYBODY = new RouteAccess(true, Set.of());

    /// What a route has that says nothing.
    static final RouteAccess ADMINS = new RouteAccess(false, Set.of());

    static final RouteAccess OPERATORS = of(CallerRole.OPERATOR);

    RouteAccess {
        roles = Set.copyOf(roles);
    }

    static RouteAccess of(CallerRole... roles) {
        return new RouteAccess(false, Set.copyOf(Arrays.asList(roles)));
    }

    boolean admits(Caller caller) {
        return isOpen || caller.isOneOf(roles);
    }

    /// Whether it is for customers too.
    boolean isForCustomers() {
        return roles.contains(CallerRole.CUSTOMER);
    }

    /// Whether a caller that is admitted is so for being a customer, and for nothing else.
    boolean admitsAsCustomer(Caller caller) {
        Set<CallerRole> others = new HashSet<>(roles);
        others.remove(CallerRole.CUSTOMER);
        return !isOpen && !caller.isOneOf(others);
    }
}
