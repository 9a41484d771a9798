// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import io.helidon.http.HttpPrologue;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Refuses a path that would be read as another one than was written.
///
/// Helidon cuts off what stands behind `;` and `#`, decodes `%2F` before it looks for the route,
/// and takes `//`, `/./` and `/../` for what they come to: `/orders/A%2Fevents` would be the events
/// of `A`, and `/stock//safety-stock`, from a client whose id is empty, a count of `safety-stock`.
/// No id has any of these characters, so that nothing is lost. All else is decoded once, and
/// checked as an id, see [Request#checkedId].
final class PathCheck {

    private static final Pattern ENCODED_SLASH = Pattern.compile("(?i)%2f");
    private static final Pattern EMPTY_OR_DOTS = Pattern.compile("/(?:/|\\.{1,2}(?:/|$))");

    private PathCheck() {}

    /// The first fault of the path; `null` when there is none.
    static @Nullable Problem fault(HttpPrologue firstLine) {
        String path = firstLine.uriPath().rawPath();
        if (path.indexOf(';') >= 0) {
            return fault("has a ';', which no id here has");
        }
        if (ENCODED_SLASH.matcher(path).find()) {
            return fault("has an encoded '/', which no id here has");
        }
        if (EMPTY_OR_DOTS.matcher(path).find()) {
            return fault("has a part that is empty, or dots only");
        }
        return firstLine.fragment().hasValue() ? fault("has a '#'") : null;
    }

    private static Problem fault(String reason) {
        return Problem.unreadable("path", reason);
    }
}
