// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpMediaType;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What the headers of a request say of the form of its body, and of the answer's (RFC 9110,
/// sections 8 and 12).
final class Negotiation {

    private static final Pattern JSON = Pattern.compile("(?i)application/json[ \t]*(;.*)?");
    private static final Pattern CHARSET =
            Pattern.compile("(?i);[ \t]*charset[ \t]*=[ \t]*\"?([^ \t;\"]*)");

    private static final Pattern COMMA = Pattern.compile(",");
    private static final HeaderName PREFER = HeaderNames.create("Prefer");

    private Negotiation() {}

    /// How a body is packed.
    enum Packing {
        NONE,
        GZIP
    }

    /// A body without a type is read as JSON: RFC 9110 leaves that to the server.
    ///
    /// @throws ProblemException 415 for another type, and for another charset than UTF-8
    static void requireJson(Headers headers) {
        for (String type : list(headers, HeaderNames.CONTENT_TYPE)) {
            boolean isUtf8 =
                    CHARSET.matcher(type)
                            .results()
                            .allMatch(found -> found.group(1).equalsIgnoreCase("utf-8"));
            if (!JSON.matcher(type.strip()).matches() || !isUtf8) {
                throw new ProblemException(
                        Problem.wrongMediaType("Send application/json, in UTF-8."));
            }
        }
    }

    /// How the body is packed.
    ///
    /// @throws ProblemException 415 when a body is packed in another way, or more than once
    static Packing packing(Headers headers) {
        Packing packing = Packing.NONE;
        for (String name : split(list(headers, HeaderNames.CONTENT_ENCODING))) {
            if (name.equalsIgnoreCase("identity")) {
                continue;
            }
            boolean isGzip = name.equalsIgnoreCase("gzip") || name.equalsIgnoreCase("x-gzip");
            if (!isGzip || packing == Packing.GZIP) {
                throw new ProblemException(
                        Problem.wrongMediaType("A body is packed with gzip, once, or not at all."));
            }
            packing = Packing.GZIP;
        }
        return packing;
    }

    /// Asks whether the client takes an answer of this type.
    ///
    /// @param type of the answer, as in `application/json`
    /// @throws ProblemException 406 when the client does not take it
    static void requireAccepted(Headers headers, String type) {
        boolean isAccepted;
        try {
            isAccepted = isAccepted(headers.acceptedTypes(), type);
        } catch (RuntimeException _) {
            // Helidon has no one exception for what is no media type: `/` is an index out of bounds
            throw new ProblemException(Problem.unreadable("Accept", "a list of media types"));
        }
        if (!isAccepted) {
            throw new ProblemException(Problem.notAcceptable(type));
        }
    }

    /// The range that is closest to the type decides.
    private static boolean isAccepted(List<HttpMediaType> accepted, String type) {
        String kind = type.substring(0, type.indexOf('/')) + "/*";
        for (String range : List.of(type, kind, "*/*")) {
            for (HttpMediaType one : accepted) {
                if (range.equalsIgnoreCase(one.type() + "/" + one.subtype())) {
                    return one.qualityFactor() > 0;
                }
            }
        }
        return accepted.isEmpty();
    }

    /// Whether the client takes an answer that is packed with gzip.
    static boolean acceptsGzip(Headers headers) {
        boolean isTaken = false;
        for (String one : split(list(headers, HeaderNames.ACCEPT_ENCODING))) {
            String[] parts = one.toLowerCase(Locale.ROOT).split("[ \t]*;[ \t]*", -1);
            boolean isRefused = parts.length > 1 && parts[1].matches("q=0(\\.0*)?");
            if (parts[0].equals("gzip")) {
                return !isRefused;
            }
            isTaken |= parts[0].equals("*") && !isRefused;
        }
        return isTaken;
    }

    /// Whether the client wants to hear only that its command was carried out (RFC 7240). The first
    /// `return` counts.
    static boolean prefersMinimal(Headers headers) {
        for (String one : split(list(headers, PREFER))) {
            String[] words = one.toLowerCase(Locale.ROOT).split("[ \t]*[=;][ \t]*", -1);
            if (words.length > 1 && words[0].equals("return")) {
                return words[1].replace("\"", "").equals("minimal");
            }
        }
        return false;
    }

    private static List<String> list(Headers headers, HeaderName name) {
        return headers.all(name, List::of);
    }

    private static List<String> split(List<String> values) {
        return values.stream()
                .flatMap(COMMA::splitAsStream)
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .toList();
    }
}
