// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What an operation is called: its method and its path as words. `POST /orders/{id}/cancel-lines`
/// is `cancelOrderLines`, `GET /orders/{id}/events` is `getOrderEvents`. Where two come to the same
/// words, the path's parameters are told too, as in `getStockBySku`.
final class ApiWords {

    private final Map<String, Integer> times = new HashMap<>();

    /// @param all the routes that the names are for
    ApiWords(List<Route> all) {
        all.forEach(route -> times.merge(plain(route), 1, Integer::sum));
    }

    /// Unique among all, as long as their paths are.
    String id(Route route) {
        String id = plain(route);
        String parameters =
                route.parameters().stream()
                        .map(ApiWords::capital)
                        .collect(Collectors.joining("And"));
        return times.getOrDefault(id, 0) > 1 && !parameters.isEmpty() ? id + "By" + parameters : id;
    }

    /// The same as the beginning of a sentence.
    static String summary(String id) {
        String words = id.replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private static String plain(Route route) {
        List<String> nouns = nouns(route.path());
        String last = nouns.getLast();
        return switch (route) {
            case Route.Create _ -> "create" + joined(nouns, true);
            case Route.Receive _ -> "receive" + joined(nouns, false);
            case Route _ when route.method() != Routes.Method.POST ->
                    route.method().name().toLowerCase(Locale.ROOT) + joined(nouns, false);
            case Route.Command command when command.status() == 201 -> "add" + joined(nouns, true);
            case Route _ when nouns.size() == 1 || isNoun(last) -> "add" + joined(nouns, false);
            default -> {
                int end = (last + "-").indexOf('-');
                String rest = last.substring(Math.min(last.length(), end + 1));
                yield last.substring(0, end)
                        + joined(nouns.subList(0, nouns.size() - 1), false)
                        + camel(rest);
            }
        };
    }

    /// The words of a path; those that a parameter follows on stand for one of them.
    private static List<String> nouns(String path) {
        String[] segments = path.substring(1).split("/", -1);
        List<String> nouns = new ArrayList<>();
        for (int i = 0; i < segments.length; i++) {
            if (!segments[i].startsWith("{")) {
                boolean isOne = i + 1 < segments.length && segments[i + 1].startsWith("{");
                nouns.add(isOne ? singular(segments[i]) : segments[i]);
            }
        }
        return nouns.isEmpty() ? List.of("root") : nouns;
    }

    private static String joined(List<String> nouns, boolean isLastOne) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < nouns.size(); i++) {
            boolean isOne = isLastOne && i == nouns.size() - 1;
            text.append(camel(isOne ? singular(nouns.get(i)) : nouns.get(i)));
        }
        return text.toString();
    }

    /// What is added to is several: `codes`, and not `cancel-lines`.
    private static boolean isNoun(String word) {
        return !word.contains("-") && !singular(word).equals(word);
    }

    private static String singular(String noun) {
        if (noun.endsWith("ies")) {
            return noun.substring(0, noun.length() - 3) + "y";
        }
        return noun.endsWith("s") && !noun.endsWith("ss")
                ? noun.substring(0, noun.length() - 1)
                : noun;
    }

    /// `api-key` as `ApiKey`.
    static String camel(String noun) {
        return Arrays.stream(noun.split("[^a-zA-Z0-9]+"))
                .map(ApiWords::capital)
                .collect(Collectors.joining());
    }

    private static String capital(String word) {
        return word.isEmpty() ? "" : Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
