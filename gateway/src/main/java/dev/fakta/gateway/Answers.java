// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// Writes an answer's body and headers: packed with gzip when the client takes that and it is worth
/// it.
final class Answers {

    /// Below this many bytes, what packing saves is less than what it costs.
    private static final int WORTH_PACKING = 1 << 10;

    private static final byte[] NOTHING = {};
    private static final Header JSON =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
    private static final Header PROBLEM_JSON =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/problem+json");
    static final Header GZIP = HeaderValues.createCached(HeaderNames.CONTENT_ENCODING, "gzip");
    private static final Header TAKEN = HeaderValues.createCached(HeaderNames.ACCEPT, Route.JSON);
    private static final Header UNPACKED =
            HeaderValues.createCached(HeaderNames.ACCEPT_ENCODING, "gzip, identity");
    private static final Header AUTHENTICATE =
            HeaderValues.createCached(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"fakta\"");
    static final Header BY_ENCODING =
            HeaderValues.createCached(HeaderNames.VARY, "Accept-Encoding");

    /// Of what is there in several forms.
    static final Header BY_FORM = HeaderValues.createCached(HeaderNames.VARY, "Accept");

    /// Marks the answer to a command that was carried out before, under the same key.
    static final Header REPLAYED = HeaderValues.createCached("Idempotency-Replayed", "true");

    private static final Header MINIMAL =
            HeaderValues.createCached("Preference-Applied", "return=minimal");

    private Answers() {}

    static void json(ServerRequest request, ServerResponse response, int status, Object value) {
        send(request, response.status(Status.create(status)).header(JSON), Json.write(value));
    }

    /// The same, with the steps that are in it as they are for who gets the answer.
    static void json(
            ServerRequest request,
            ServerResponse response,
            int status,
            Object value,
            StepAccess.For whom) {
        send(request, response.status(Status.create(status)).header(JSON), Json.write(value, whom));
    }

    /// Sends a body, or what a `HEAD` asks for: the headers that `GET` has, with the length.
    /// Helidon would send the body too, and a client would take it for the beginning of the next
    /// answer.
    static void send(ServerRequest request, ServerResponse response, byte[] body) {
        if (request.prologue().method().equals(Method.HEAD)) {
            response.contentLength(body.length);
            response.send(NOTHING);
        } else {
            response.send(body);
        }
    }

    /// An answer without an `ETag`, packed for who takes that. An answer with one never is: its tag
    /// would have to be another (RFC 9110, section 8.8.3.3), and `If-Match` takes revisions.
    static void packed(ServerRequest request, ServerResponse response, Object value) {
        byte[] body = Json.write(value);
        response.headers().add(BY_ENCODING);
        if (body.length >= WORTH_PACKING && Negotiation.acceptsGzip(request.headers())) {
            response.header(GZIP);
            body = gzip(body);
        }
        send(request, response.status(Status.OK_200).header(JSON), body);
    }

    private static byte[] gzip(byte[] body) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(body.length / 4);
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes everything", e);
        }
        return packed.toByteArray();
    }

    /// Says that a command was carried out, and nothing more.
    static void minimal(ServerResponse response, int status) {
        boolean isNew = status == Status.CREATED_201.code();
        response.status(isNew ? Status.CREATED_201 : Status.NO_CONTENT_204).header(MINIMAL).send();
    }

    /// Says that a reader has the newest already.
    static void notModified(ServerResponse response) {
        response.status(Status.NOT_MODIFIED_304).send();
    }

    static void problem(ServerRequest request, ServerResponse response, Problem problem) {
        if (problem.retryAfterSeconds() > 0) {
            response.header(HeaderNames.RETRY_AFTER, Integer.toString(problem.retryAfterSeconds()));
        }
        if (problem.status() == Status.UNSUPPORTED_MEDIA_TYPE_415.code()) {
            response.header(TAKEN).header(UNPACKED);
        }
        if (problem.status() == Status.UNAUTHORIZED_401.code()) {
            response.header(AUTHENTICATE);
        }
        response.status(Status.create(problem.status())).header(PROBLEM_JSON);
        send(request, response, document(problem));
    }

    /// A problem that carries what there is of an answer.
    static void late(
            ServerRequest request,
            ServerResponse response,
            Object problemAndAnswer,
            int retryAfterSeconds) {
        response.status(Status.SERVICE_UNAVAILABLE_503)
                .header(HeaderNames.RETRY_AFTER, Integer.toString(retryAfterSeconds))
                .header(PROBLEM_JSON);
        send(request, response, Json.write(problemAndAnswer));
    }

    static byte[] document(Problem problem) {
        return Json.write(fields(problem));
    }

    /// The problem as clients see it.
    static Map<String, Object> fields(Problem problem) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", problem.type());
        document.put("title", problem.title());
        document.put("status", problem.status());
        document.put("detail", problem.detail());
        document.put("code", problem.code());
        if (problem.revision() != Problem.NO_REVISION) {
            document.put("revision", problem.revision());
        }
        document.put("errors", problem.errors());
        return document;
    }
}
