// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Rejection;
import dev.fakta.runtime.Reply;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A problem document (RFC 9457). Types are relative references that stay as they are.
///
/// @param errors the faults of the request, field by field; empty when no field is at fault
/// @param retryAfterSeconds 0 when trying again does not help
/// @param revision where the aggregate is that it is about, or [#NO_REVISION]
record Problem(
        int status,
        String type,
        String title,
        String detail,
        List<Fault> errors,
        int retryAfterSeconds,
        long revision) {

    static final long NO_REVISION = -1;
    private static final String TYPES = "/problems/";

    Problem {
        errors = List.copyOf(errors);
    }

    /// The type as a word that programs compare, as in `ORDER_SHIPPED`.
    String code() {
        return type.substring(TYPES.length()).toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /// The same of an aggregate that is at this revision.
    private Problem at(long revision) {
        return new Problem(status, type, title, detail, errors, retryAfterSeconds, revision);
    }

    private static Problem of(ProblemType type, String detail) {
        return of(type, detail, List.of(), 0);
    }

    private static Problem of(
            ProblemType type, String detail, List<Fault> errors, int retryAfterSeconds) {
        return new Problem(
                type.status(),
                TYPES + type.path(),
                type.title(),
                detail,
                errors,
                retryAfterSeconds,
                NO_REVISION);
    }

    /// One whose type is none of the gateway's own.
    private static Problem of(int status, String code, String title, String detail) {
        String type = TYPES + ProblemType.path(code);
        return new Problem(status, type, title, detail, List.of(), 0, NO_REVISION);
    }

    /// What Helidon refuses by itself, before any route.
    static Problem http(int status, String title, String detail) {
        return of(status, ProblemType.BEFORE_ANY_ROUTE, title, detail);
    }

    static Problem unreadable(String field, String reason) {
        return unreadable(List.of(Fault.unreadable(field, reason)));
    }

    /// @param faults one or more
    static Problem unreadable(List<Fault> faults) {
        Fault first = faults.getFirst();
        String only =
                first.field().isEmpty() ? first.reason() : first.field() + ": " + first.reason();
        return of(
                ProblemType.UNREADABLE_REQUEST,
                faults.size() == 1 ? only : count(faults),
                faults,
                0);
    }

    static Problem invalid(List<Processor.Problem> problems) {
        List<Fault> faults = Fault.of(problems);
        return of(ProblemType.INVALID_REQUEST, count(faults), faults, 0);
    }

    private static String count(List<Fault> faults) {
        return faults.size() == 1
                ? "1 field is at fault."
                : faults.size() + " fields are at fault.";
    }

    static Problem unknown(String what) {
        return of(ProblemType.UNKNOWN, what);
    }

    /// The request does not say who sends it, or says so wrongly.
    static Problem unauthenticated(String detail) {
        return of(ProblemType.UNAUTHENTICATED, detail);
    }

    /// @param roles of those who may
    static Problem forbidden(Set<CallerRole> roles) {
        String who =
                Stream.concat(roles.stream(), Stream.of(CallerRole.ADMIN))
                        .distinct()
                        .sorted()
                        .map(role -> role.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
        return of(ProblemType.FORBIDDEN, "It is for: " + who + ".");
    }

    /// A page of another site may have sent it, with the reach of who looks at the page.
    static Problem foreign(String detail) {
        return of(ProblemType.FOREIGN_REQUEST, detail);
    }

    /// A customer names somebody else.
    ///
    /// @param field where it does
    static Problem forOneself(String field) {
        return of(
                ProblemType.FORBIDDEN,
                field + ": a customer acts for itself alone.",
                List.of(new Fault(field, "has to be the caller's own", Fault.Code.INVALID)),
                0);
    }

    static Problem methodNotAllowed(String allowed) {
        return of(ProblemType.METHOD_NOT_ALLOWED, "This path takes " + allowed + ".");
    }

    /// @param revision of the aggregate that refuses
    static Problem rejected(Rejection rejection, long revision) {
        return of(409, rejection.name(), "The request is refused", rejection.detail()).at(revision);
    }

    /// @param revision of the aggregate; 0 when there is none
    static Problem moved(long revision) {
        String now =
                revision == 0 ? "there is none yet." : "it is at revision " + revision + " now.";
        return of(ProblemType.REVISION_MOVED, "If-Match or If-None-Match does not hold: " + now)
                .at(revision);
    }

    static Problem keyReused() {
        return of(
                ProblemType.IDEMPOTENCY_KEY_REUSED, "Use a new Idempotency-Key for a new request.");
    }

    static Problem tooLarge(int longest) {
        return of(ProblemType.BODY_TOO_LARGE, "At most " + longest + " bytes.");
    }

    static Problem tooSlow() {
        return of(ProblemType.BODY_TOO_SLOW, "Send it at once, or in smaller parts.");
    }

    static Problem wrongMediaType(String detail) {
        return of(ProblemType.WRONG_MEDIA_TYPE, detail);
    }

    static Problem notAcceptable(String type) {
        return of(ProblemType.NOT_ACCEPTABLE, "There is " + type + ".");
    }

    /// @param type of those with status 503
    static Problem unavailable(ProblemType type, String detail) {
        return of(type, detail, List.of(), 1);
    }

    /// The same, to be tried again in so many seconds.
    Problem retriedAfter(int seconds) {
        return new Problem(status, type, title, detail, errors, seconds, revision);
    }

    /// The caller has sent more than it may.
    static Problem rateLimited(RateLimit limit, int retryAfterSeconds) {
        return of(
                ProblemType.RATE_LIMITED,
                "At most %d requests in %d s."
                        .formatted(limit.requests(), limit.time().toSeconds()),
                List.of(),
                retryAfterSeconds);
    }

    /// What was sent in another system's form, and is not taken.
    static Problem unreceived(int status, String type, String detail) {
        return of(status, type, "It is not taken", detail);
    }

    static Problem defect() {
        return of(ProblemType.DEFECT, "The request failed inside; the log of the node says why.");
    }

    /// What a reply that is not an acceptance means to a client.
    static Problem of(Reply<?> reply) {
        return switch (reply) {
            case Reply.Rejected<?>(var rejection, _) -> rejected(rejection, NO_REVISION);
            case Reply.Refused<?>(var problems) -> invalid(problems);
            case Reply.Moved<?>(var revision) -> moved(revision);
            case Reply.IdReused<?> _ -> keyReused();
            case Reply.Busy<?> _ -> unavailable(ProblemType.BUSY, "Too much waits already.");
            case Reply.Failed<?>(var failure, _) -> failed(failure);
            case Reply.Accepted<?> _, Reply.Repeated<?> _ ->
                    throw new IllegalArgumentException("not a problem: " + reply);
        };
    }

    private static Problem failed(Reply.Failure failure) {
        return switch (failure) {
            case FULL -> unavailable(ProblemType.STORAGE_FULL, "There is no room to record it.");
            case UNAVAILABLE, ELSEWHERE ->
                    unavailable(
                            ProblemType.UNAVAILABLE,
                            "It may or may not be recorded; try again with the same Idempotency-Key.");
            case TIMEOUT ->
                    unavailable(
                            ProblemType.TIMEOUT,
                            "No answer in time; try again with the same Idempotency-Key.");
            case UNANSWERED ->
                    unavailable(
                            ProblemType.UNANSWERED,
                            "A service that is needed for it gave no answer. Nothing was recorded; try again.");
            case DEFECT -> defect();
        };
    }
}
