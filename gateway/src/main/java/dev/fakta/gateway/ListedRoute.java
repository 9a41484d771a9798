// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// A route as it is listed, for what is said and checked about all of them.
///
/// @param method as in `GET`
/// @param path with its parameters in braces
/// @param isOpen whether it is for anybody, with credentials or without
/// @param roles of the callers that it is for, beside administrators
public record ListedRoute(String method, String path, boolean isOpen, Set<CallerRole> roles) {

    public ListedRoute {
        roles = Set.copyOf(roles);
    }

    /// The routes of an application, in their order; without those that every gateway serves.
    public static List<ListedRoute> of(Consumer<Routes> lines) {
        Routes routes = new Routes();
        lines.accept(routes);
        return routes.all().stream()
                .map(
                        line ->
                                new ListedRoute(
                                        line.route().method().name(),
                                        line.route().path(),
                                        line.access().isOpen(),
                                        line.access().roles()))
                .toList();
    }
}
