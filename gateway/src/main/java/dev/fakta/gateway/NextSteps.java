// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What may be done next with a resource, as its answers say it in `actions`. One rule names each
/// action and makes its path: a `POST` is named by the last word of its path, a `PUT` by what it
/// sets, a `DELETE` by that with `end-` before it.
public final class NextSteps {

    private static final Pattern PARAMETERS = Pattern.compile("/\\{[a-zA-Z]+}");

    private final String resource;
    private final Map<String, Step> all = new LinkedHashMap<>();

    private NextSteps(String resource) {
        this.resource = resource;
    }

    /// Something to do.
    ///
    /// @param href where; parameters that the client chooses stand in braces
    /// @param allowed whether it may be done now
    /// @param reason the `code` of the refusal that it would be; `null` when it is allowed
    public record Step(String href, String method, boolean allowed, @Nullable String reason) {}

    /// No actions yet.
    ///
    /// @param resource the path that the others begin with, as in `/orders/A-1`
    public static NextSteps of(String resource) {
        return new NextSteps(resource);
    }

    /// Adds a `POST`.
    ///
    /// @param path behind the resource's, as in `cancel`
    /// @param refusal what it would be refused with now
    public NextSteps post(String path, @Nullable Rejection refusal) {
        return step("POST", path, refusal);
    }

    /// Adds a `POST` that is refused as this decision says.
    ///
    /// @param path as in [#post]
    /// @param decision what would be decided now
    public NextSteps post(String path, Decision<?> decision) {
        return post(
                path, decision instanceof Decision.Rejected<?>(var rejection) ? rejection : null);
    }

    /// Adds an action.
    ///
    /// @param method `POST`, `PUT` or `DELETE`
    /// @param path as in [#post]
    /// @param refusal likewise
    public NextSteps step(String method, String path, @Nullable Rejection refusal) {
        String words = PARAMETERS.matcher(path).replaceAll("");
        String last = words.substring(words.lastIndexOf('/') + 1);
        all.put(
                method.equals("DELETE") ? "end-" + last : last,
                new Step(
                        resource + "/" + path,
                        method,
                        refusal == null,
                        refusal == null ? null : refusal.name()));
        return this;
    }

    /// The actions, by name, in the order in which they were added.
    public Map<String, Step> all() {
        return new LinkedHashMap<>(all);
    }
}
