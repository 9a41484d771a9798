// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Rejection;
import dev.fakta.runtime.Reply;
import java.util.List;
import java.util.Locale;

/// A problem document (RFC 9457). Types are relative references that stay as they are.
///
/// @param errors the faults of the request, field by field; empty when no field is at fault
/// @param retryAfterSeconds 0 when trying again does not help
record Problem(
        int status,
        String type,
        String title,
        String detail,
        List<Processor.Problem> errors,
        int retryAfterSeconds) {

    Problem {
        errors = List.copyOf(errors);
    }

    private static Problem of(int status, String type, String title, String detail) {
        return new Problem(status, "/problems/" + type, title, detail, List.of(), 0);
    }

    static Problem unreadable(String field, String reason) {
        return new Problem(
                400,
                "/problems/unreadable-request",
                "The request cannot be read",
                field.isEmpty() ? reason : field + ": " + reason,
                List.of(new Processor.Problem(field, reason)),
                0);
    }

    static Problem invalid(List<Processor.Problem> errors) {
        String detail =
                errors.size() == 1
                        ? "1 field is at fault."
                        : errors.size() + " fields are at fault.";
        return new Problem(
                400,
                "/problems/invalid-request",
                "The request cannot be carried out",
                detail,
                errors,
                0);
    }

    static Problem unknown(String what) {
        return of(404, "unknown", "There is no such thing", what);
    }

    static Problem methodNotAllowed(String allowed) {
        return of(
                405,
                "method-not-allowed",
                "The method does not fit",
                "This path takes " + allowed + ".");
    }

    static Problem rejected(Rejection rejection) {
        String type = rejection.name().toLowerCase(Locale.ROOT).replace('_', '-');
        return of(409, type, "The request is refused", rejection.detail());
    }

    static Problem moved(long revision) {
        return of(
                412,
                "revision-moved",
                "Somebody was faster",
                "If-Match names another revision; it is at " + revision + " now.");
    }

    static Problem keyReused() {
        return of(
                422,
                "idempotency-key-reused",
                "The idempotency key was used for another request",
                "Use a new Idempotency-Key for a new request.");
    }

    static Problem tooLarge(int longest) {
        return of(413, "body-too-large", "The body is too large", "At most " + longest + " bytes.");
    }

    static Problem tooSlow() {
        return of(
                408,
                "body-too-slow",
                "The body did not come in time",
                "Send it at once, or in smaller parts.");
    }

    static Problem wrongMediaType() {
        return of(415, "wrong-media-type", "The body is not JSON", "Send application/json.");
    }

    static Problem unavailable(String type, String detail) {
        return new Problem(503, "/problems/" + type, "Not now", detail, List.of(), 1);
    }

    /// What was sent in another system's form, and is not taken.
    static Problem unreceived(int status, String type, String detail) {
        return of(status, type, "It is not taken", detail);
    }

    static Problem defect() {
        return of(
                500,
                "defect",
                "This is our fault",
                "The request failed inside; the log of the node says why.");
    }

    /// What a reply that is not an acceptance means to a client.
    static Problem of(Reply<?> reply) {
        return switch (reply) {
            case Reply.Rejected<?>(var rejection, _) -> rejected(rejection);
            case Reply.Refused<?>(var problems) -> invalid(problems);
            case Reply.Moved<?>(var revision) -> moved(revision);
            case Reply.IdReused<?> _ -> keyReused();
            case Reply.Busy<?> _ -> unavailable("busy", "Too much waits already.");
            case Reply.Failed<?>(var failure, _) -> failed(failure);
            case Reply.Accepted<?> _, Reply.Repeated<?> _ ->
                    throw new IllegalArgumentException("not a problem: " + reply);
        };
    }

    private static Problem failed(Reply.Failure failure) {
        return switch (failure) {
            case FULL -> unavailable("storage-full", "There is no room to record it.");
            case UNAVAILABLE, ELSEWHERE ->
                    unavailable(
                            "unavailable",
                            "It may or may not be recorded; try again with the same Idempotency-Key.");
            case TIMEOUT ->
                    unavailable(
                            "timeout",
                            "No answer in time; try again with the same Idempotency-Key.");
            case UNANSWERED ->
                    unavailable(
                            "unanswered",
                            "A service that is needed for it gave no answer. Nothing was recorded; try again.");
            case DEFECT -> defect();
        };
    }
}
