// SPDX-License-Identifier: Apache-2.0
package dev.fakta.fuzz;

import dev.fakta.http.Answer;
import dev.fakta.http.ApiCheck;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What must hold of the answer to any request whatever.
final class AnswerCheck {

    /// What stands inside, and nobody outside is to read. No part of it begins anywhere and goes on
    /// without end: an answer that repeats a long name would take minutes.
    private static final Pattern INSIDE =
            Pattern.compile(
                    "\\bdev\\.fakta\\.|\\b(java|javax|jdk)\\.[a-z]+\\.[A-Za-z]|\\bio\\.helidon|tools\\.jackson"
                            + "|org\\.(sqlite|postgresql|apache)|[A-Za-z](Exception|Error)\\b[^\":]{0,200}:"
                            + "|\\tat |\\bat [a-z]+\\.[a-z.]+[A-Z]|(?i:\\bselect .{1,200} from |insert into |sqlite|sql error|syntax error at)");

    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final Set<String> OPEN_TO_ALL =
            Set.of("openapi.json", "health", "docs", "webhooks");

    private final ApiCheck api;
    private final int port;

    AnswerCheck(JsonNode document, int port) {
        this.api = ApiCheck.of(document.toString());
        this.port = port;
    }

    /// What is wrong with an answer.
    ///
    /// @param kind the same for what is probably the same fault
    record Wrong(String kind, String what) {}

    /// An answer, and what is wrong with it.
    record Checked(@Nullable Answer answer, @Nullable Wrong wrong) {}

    /// Sends a request, and looks at what comes back.
    ///
    /// @param opensNothing whether the request has no credentials that the server could know
    Checked send(RawConnection connection, RawRequest request, boolean opensNothing) {
        try {
            Answer answer = connection.send(request);
            if (answer == null) {
                return new Checked(
                        null,
                        request.mayBeCutOff()
                                ? null
                                : new Wrong(
                                        "closed", "the connection was closed without an answer"));
            }
            return new Checked(answer, wrong(request, answer, opensNothing));
        } catch (SocketTimeoutException e) {
            connection.close();
            return new Checked(null, new Wrong("hangs", "no answer in time"));
        } catch (IOException | RuntimeException e) {
            connection.close();
            return new Checked(
                    null, new Wrong("unreadable answer", "the answer cannot be read: " + e));
        }
    }

    private @Nullable Wrong wrong(RawRequest request, Answer answer, boolean opensNothing) {
        int status = answer.status();
        if (status >= 500 && !isNow(answer)) {
            return new Wrong("status " + status, answer.body());
        }
        if (opensNothing && status < 400 && !isOpenToAll(request)) {
            return new Wrong(
                    "opened " + status, "nobody may do this, and it was done: " + answer.body());
        }
        Matcher inside = INSIDE.matcher(answer.body());
        if (!isOwnWord(request) && inside.find()) {
            return new Wrong("tells " + inside.group().strip(), answer.body());
        }
        if (status >= 400) {
            Wrong wrong = wrongProblem(request, answer);
            if (wrong != null) {
                return wrong;
            }
        }
        return isDescribed(request, answer);
    }

    /// What the node answers to everybody always: other tests look at it.
    private static boolean isOwnWord(RawRequest request) {
        return request.target().startsWith("/docs") || request.target().startsWith("/openapi");
    }

    /// What the server may answer beyond refusals: not now, and that nobody packs chunks.
    private static boolean isNow(Answer answer) {
        return answer.status() == 503 && !answer.header("Retry-After").isEmpty()
                || answer.status() == 501;
    }

    private static boolean isOpenToAll(RawRequest request) {
        String[] parts = request.target().replaceFirst("^http://[^/]*", "").split("[/?]", -1);
        return request.method().equals("OPTIONS")
                || parts.length > 1 && OPEN_TO_ALL.contains(parts[1]);
    }

    private static @Nullable Wrong wrongProblem(RawRequest request, Answer answer) {
        if (request.isHead()) {
            return null;
        }
        boolean isHealth = request.target().startsWith("/health") && answer.status() == 503;
        if (isHealth) {
            return new Wrong("unwell", answer.body());
        }
        if (!answer.header("Content-Type").equals("application/problem+json")) {
            return new Wrong(
                    "no problem document " + answer.status(),
                    answer.header("Content-Type") + " " + answer.body());
        }
        try {
            JsonNode problem = answer.json();
            boolean isWhole =
                    problem.path("status").asInt(0) == answer.status()
                            && !problem.path("title").asString("").isBlank()
                            && !problem.path("detail").asString("").isBlank()
                            && !problem.path("code").asString("").isBlank();
            return isWhole ? null : new Wrong("half a problem document", answer.body());
        } catch (JacksonException e) {
            return new Wrong("a problem document that is no JSON", answer.body());
        }
    }

    /// Holds it against the document; what has a form that the document does not speak of only so
    /// far as it is refused.
    private @Nullable Wrong isDescribed(RawRequest request, Answer answer) {
        boolean isPlain =
                !request.mayBeCutOff()
                        && request.target().startsWith("/")
                        && !request.target().startsWith("//")
                        && List.of("GET", "HEAD", "POST", "PUT", "DELETE")
                                .contains(request.method());
        if (!isPlain
                || isOwnWord(request) && answer.status() == 200
                || answer.header("Content-Type").startsWith("text/event-stream")) {
            return null;
        }
        boolean isRead = request.method().equals("GET") || request.isHead();
        byte @Nullable [] body =
                isRead || !request.all("Content-Encoding").isEmpty() ? null : request.body();
        try {
            api.check(request.method(), described(request.target()), body, answer);
            return null;
        } catch (AssertionError | RuntimeException e) {
            String said = String.valueOf(e.getMessage());
            return new Wrong("not as described, " + answer.status() + kindOf(said), said);
        }
    }

    /// Probes and scrapers may put into the query what they like.
    private static String described(String target) {
        return target.matches("/(health|metrics|openapi\\.json).*")
                ? target.replaceFirst("\\?.*", "")
                : target;
    }

    private static String kindOf(String said) {
        Matcher where = Pattern.compile("instanceLocation\\S*").matcher(said);
        String first = said.lines().findFirst().orElse("").split(" of ", 2)[0];
        String text = first + (where.find() ? " " + where.group() : "");
        return " " + DIGITS.matcher(text).replaceAll("0");
    }

    /// The smallest request that is wrong in the same way; the request itself when it is not wrong
    /// again.
    RawRequest smallest(RawRequest request, Wrong wrong, boolean opensNothing) {
        try (RawConnection connection = new RawConnection(port)) {
            return new Smallest(
                            one -> {
                                Wrong again = send(connection, one, opensNothing).wrong();
                                return again != null && again.kind().equals(wrong.kind());
                            })
                    .of(request);
        }
    }

    int port() {
        return port;
    }
}
