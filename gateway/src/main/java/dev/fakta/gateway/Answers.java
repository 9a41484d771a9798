// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/// Writes answers.
final class Answers {

    private static final Header JSON =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
    private static final Header PROBLEM_JSON =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/problem+json");

    private Answers() {}

    static void json(ServerResponse response, int status, Object value) {
        response.status(Status.create(status)).header(JSON).send(Json.write(value));
    }

    static void problem(ServerResponse response, Problem problem) {
        if (problem.retryAfterSeconds() > 0) {
            response.header(HeaderNames.RETRY_AFTER, Integer.toString(problem.retryAfterSeconds()));
        }
        response.status(Status.create(problem.status()))
                .header(PROBLEM_JSON)
                .send(document(problem));
    }

    /// A problem that carries what there is of an answer.
    static void late(ServerResponse response, Object problemAndAnswer) {
        response.status(Status.SERVICE_UNAVAILABLE_503)
                .header(HeaderNames.RETRY_AFTER, "1")
                .header(PROBLEM_JSON)
                .send(Json.write(problemAndAnswer));
    }

    static byte[] document(Problem problem) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", problem.type());
        document.put("title", problem.title());
        document.put("status", problem.status());
        document.put("detail", problem.detail());
        document.put("errors", problem.errors());
        return Json.write(document);
    }
}
