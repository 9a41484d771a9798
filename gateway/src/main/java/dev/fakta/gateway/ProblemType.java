// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The problems that a gateway answers by itself. What aggregates refuse, and what receivers of
/// other systems' requests do not take, has types of its own.
///
/// The name is what programs compare (`code`), and the type's last part in small letters.
enum ProblemType {
    UNREADABLE_REQUEST(400, "The request cannot be read"),
    INVALID_REQUEST(400, "The request cannot be carried out"),
    UNAUTHENTICATED(401, "Nobody knows who asks"),
    FORBIDDEN(403, "The caller may not do this"),
    /// A page of another site may have sent it, with the reach of who looks at the page.
    FOREIGN_REQUEST(403, "The request comes from elsewhere"),
    UNKNOWN(404, "There is no such thing"),
    METHOD_NOT_ALLOWED(405, "The method does not fit"),
    NOT_ACCEPTABLE(406, "The answer has no form that Accept allows"),
    BODY_TOO_SLOW(408, "The body did not come in time"),
    REVISION_MOVED(412, "The revision is not what the request asks for"),
    BODY_TOO_LARGE(413, "The body is too large"),
    WRONG_MEDIA_TYPE(415, "The body has a form that is not read"),
    IDEMPOTENCY_KEY_REUSED(422, "The idempotency key was used for another request"),
    RATE_LIMITED(429, "Too many requests"),
    DEFECT(500, "This is our fault"),
    /// What follows from it could not be done in time: more is underway than can be finished.
    BACKLOG(503, ProblemType.NOT_NOW),
    BUSY(503, ProblemType.NOT_NOW),
    /// Another node knows; it is named.
    DELIVERED_ELSEWHERE(503, ProblemType.NOT_NOW),
    VIEW_BEHIND(503, ProblemType.NOT_NOW),
    STORAGE_FULL(503, ProblemType.NOT_NOW),
    UNAVAILABLE(503, ProblemType.NOT_NOW),
    TIMEOUT(503, ProblemType.NOT_NOW),
    UNANSWERED(503, ProblemType.NOT_NOW);

    /// What the server below refuses before any route, with whatever status.
    static final String BEFORE_ANY_ROUTE = "HTTP";

    private static final String NOT_NOW = "Not now";

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    /// As in a problem's `type`, behind `/problems/`.
    String path() {
        return path(name());
    }

    /// The same of any code.
    static String path(String code) {
        return code.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Those that have this status.
    static List<ProblemType> of(int status) {
        return Arrays.stream(values()).filter(one -> one.status == status).toList();
    }
}
