// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpMediaType;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What the headers of a request say of the form of its body, and of the answer's (RFC 9110,
/// sections 8 and 12).
final class Negotiation {

    private static final Pattern JSON = Pattern.compile("(?i)application/json[ \t]*(;.*)?");
    private static final Pattern LINES = Pattern.compile("(?i)application/x-ndjson[ \t]*(;.*)?");
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
            if (!JSON.matcher(type.strip()).matches() || !isUtf8(type)) {
                throw new ProblemException(
                        Problem.wrongMediaType("Send application/json, in UTF-8."));
            }
        }
    }

    /// Whether a body is said to have many requests, one a line.
    static boolean hasLines(Headers headers) {
        List<String> types = list(headers, HeaderNames.CONTENT_TYPE);
        return types.size() == 1
                && LINES.matcher(types.getFirst().strip()).matches()
                && isUtf8(types.getFirst());
    }

    private static boolean isUtf8(String type) {
        return CHARSET.matcher(type)
                .results()
                .allMatch(found -> found.group(1).equalsIgnoreCase("utf-8"));
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
        String _ = accepted(headers, List.of(type));
    }

    /// The type that the client likes best: of the greatest weight, of those the one that it names
    /// most exactly, and of those the first.
    ///
    /// @param types that there are
    /// @throws ProblemException 406 when the client takes none of them
    static String accepted(Headers headers, List<String> types) {
        String best = null;
        Liking most = new Liking(0, 0);
        try {
            List<HttpMediaType> accepted = headers.acceptedTypes();
            for (String type : types) {
                Liking liking = liking(accepted, type);
                if (liking.compareTo(most) > 0) {
                    best = type;
                    most = liking;
                }
            }
        } catch (RuntimeException _) {
            // Helidon has no one exception for what is no media type: `/` is an index out of bounds
            throw new ProblemException(Problem.unreadable("Accept", "a list of media types"));
        }
        if (best == null) {
            throw new ProblemException(Problem.notAcceptable(String.join(", ", types)));
        }
        return best;
    }

    /// How much a client likes a type.
    ///
    /// @param weight 0: not at all
    /// @param exactness of the range that says so
    private record Liking(double weight, int exactness) implements Comparable<Liking> {
        @Override
        public int compareTo(Liking other) {
            return Comparator.comparingDouble(Liking::weight)
                    .thenComparingInt(Liking::exactness)
                    .compare(this, other);
        }
    }

    /// The range that is closest to the type decides.
    private static Liking liking(List<HttpMediaType> accepted, String type) {
        String kind = type.substring(0, type.indexOf('/')) + "/*";
        List<String> ranges = List.of("*/*", kind, type);
        for (int exactness = ranges.size(); exactness > 0; exactness--) {
            for (HttpMediaType one : accepted) {
                String range = one.type() + "/" + one.subtype();
                if (range.equalsIgnoreCase(ranges.get(exactness - 1))) {
                    double weight = one.qualityFactor();
                    return new Liking(weight, weight > 0 ? exactness : 0);
                }
            }
        }
        return new Liking(accepted.isEmpty() ? 1 : 0, 0);
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
