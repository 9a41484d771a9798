// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.core;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Compares the shape that an event has in a program with the one that the events of the same
/// schema version have in the log, and says what of them would be read wrongly or not at all.
///
/// What can be read is no difference: a new component that may be `null`, a component that is not
/// read any more, a new constant of an enum, a new type of a sealed one, a wider number. A
/// component that came while another one of the same record went is taken for a renamed one: read
/// as `null` it would be a loss that nobody is told of.
final class EventDifferences {

    private static final List<String> WHOLE =
            List.of("byte", "short", "int", "long", "BigInteger", "BigDecimal");
    private static final List<String> FRACTIONS = List.of("float", "double", "BigDecimal");
    private static final Map<String, String> PRIMITIVES =
            Map.of(
                    "Byte", "byte",
                    "Short", "short",
                    "Integer", "int",
                    "Long", "long",
                    "Float", "float",
                    "Double", "double",
                    "Boolean", "boolean",
                    "Character", "char");

    private final String event;
    private final int version;
    private final SortedMap<String, String> before;
    private final Map<String, String> gone;
    private final SortedMap<String, String> now;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> settled = new HashSet<>();

    /// @param kept what the log has
    /// @param type the event of the program
    EventDifferences(String event, LogShapes.Event kept, Class<?> type) {
        EventShape shape = EventShape.of(type);
        this.event = event;
        this.version = kept.version();
        this.before = shape.namedAsHere(kept.components());
        this.gone = shape.namedAsHere(kept.gone());
        this.now = shape.components();
    }

    /// What of the events in the log cannot be read as it was written, each with what to do.
    List<String> problems() {
        SortedMap<String, List<String>> lost = new TreeMap<>();
        before.forEach(
                (path, type) -> {
                    String after = now.get(path);
                    if (after == null) {
                        lost.computeIfAbsent(parent(path), _ -> new ArrayList<>()).add(path);
                    } else {
                        compare(path, type, after);
                    }
                });
        now.forEach(
                (path, type) -> {
                    if (!before.containsKey(path) && now.containsKey(parent(path))) {
                        came(path, type, lost.getOrDefault(parent(path), List.of()));
                    }
                });
        lost.values().stream().flatMap(List::stream).forEach(this::went);
        return problems;
    }

    private void compare(String path, String type, String after) {
        if (isSettled(path) || reads(after, type)) {
            return;
        }
        settled.add(path);
        if (type.startsWith(EventShape.ONE_OF) && after.startsWith(EventShape.ONE_OF)) {
            Set<String> missing = constants(type);
            missing.removeAll(constants(after));
            problem(
                    "had %s for %s, which %s not there now"
                            .formatted(
                                    String.join(", ", missing),
                                    named(path),
                                    missing.size() == 1 ? "is" : "are"),
                    "keep the constant",
                    compute(path));
        } else {
            problem(
                    "had %s and now has %s".formatted(shown(path, type), shown(path, after)),
                    "give it the type of before",
                    compute(path));
        }
    }

    private void came(String path, String type, List<String> lost) {
        String earlier = gone.get(path);
        List<String> left = lost.stream().filter(other -> !settled.contains(other)).toList();
        if (isSettled(path) || !before.containsKey(parent(path))) {
            return;
        }
        if (earlier != null && !reads(type, earlier)) {
            problem(
                    "had %s once and now has %s".formatted(shown(path, earlier), shown(path, type)),
                    "give it another name",
                    compute(path));
        } else if (path.endsWith(")")) {
            return; // a new type of a sealed one, in no event yet
        } else if (!left.isEmpty() && earlier == null) {
            String other = likeliest(left, type);
            settled.add(other);
            problem(
                    "had %s and now has %s"
                            .formatted(
                                    shown(other, before.getOrDefault(other, "")),
                                    shown(path, type)),
                    "name the component as before",
                    step("fields.put(\"%s\", fields.remove(\"%s\"))", path, other));
        } else if (isPrimitive(type)) {
            problem(
                    "now has %s, which events in the log lack".formatted(shown(path, type)),
                    "give it a type that may be null",
                    step("fields.putIfAbsent(\"%s\", " + zero(type) + ")", path));
        }
        settled.add(path);
    }

    /// Of the components that went, the one that had the type of the one that came.
    private String likeliest(List<String> lost, String type) {
        return lost.stream()
                .filter(path -> type.equals(before.get(path)))
                .findFirst()
                .orElse(lost.getFirst());
    }

    /// A type of a sealed one that went; a component that went is read no more.
    private void went(String path) {
        if (path.endsWith(")") && !isSettled(path) && now.containsKey(parent(path))) {
            problem(
                    "had %s, which is not there now".formatted(path),
                    "keep the type",
                    compute(path));
        }
    }

    private void problem(String what, String keep, String step) {
        problems.add(
                "event %s version %d %s: %s, or raise the event's version by .upcasting(fields -> { %s; return fields; })"
                        .formatted(event, version, what, keep, step));
    }

    private static String compute(String path) {
        return step("fields.compute(\"%s\", (_, before) -> ...)", path);
    }

    /// What an upcast has to do; only at the event's own components it is a line to copy.
    private static String step(String line, String... paths) {
        return Stream.of(paths).allMatch(path -> parent(path).isEmpty() && !path.isEmpty())
                ? line.formatted((Object[]) paths)
                : "... " + String.join(" of ", paths) + " ...";
    }

    private static String zero(String type) {
        return switch (type) {
            case "boolean" -> "false";
            case "char" -> "\" \"";
            default -> "0";
        };
    }

    private static String shown(String path, String type) {
        return "%s: %s".formatted(named(path), type);
    }

    private static String named(String path) {
        return path.isEmpty() ? "the event itself" : "the component " + path;
    }

    private boolean isSettled(String path) {
        return settled.stream().anyMatch(above -> EventShape.isAtOrBelow(path, above));
    }

    /// The path of what this is a part of; empty for the event, and for the event itself.
    static String parent(String path) {
        int end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
        end = Math.max(end, Math.max(path.lastIndexOf('{'), path.lastIndexOf('(')));
        return path.substring(0, Math.max(0, end));
    }

    /// Whether what was written as one type is read as another one without loss.
    static boolean reads(String type, String written) {
        if (type.equals(written) || type.equals("Object")) {
            return true;
        }
        if (written.startsWith(EventShape.ONE_OF)) {
            return type.equals("String")
                    || (type.startsWith(EventShape.ONE_OF)
                            && constants(type).containsAll(constants(written)));
        }
        String from = PRIMITIVES.getOrDefault(written, written);
        String to = PRIMITIVES.getOrDefault(type, type);
        boolean mayBeNull = !isPrimitive(written);
        return !(mayBeNull && isPrimitive(type))
                && (from.equals(to)
                        || isWider(WHOLE, to, from)
                        || isWider(FRACTIONS, to, from)
                        || (to.equals("double")
                                && WHOLE.indexOf(from) >= 0
                                && !from.equals("long")
                                && !from.startsWith("Big")));
    }

    private static boolean isWider(List<String> narrowFirst, String wide, String narrow) {
        int at = narrowFirst.indexOf(narrow);
        return at >= 0 && narrowFirst.indexOf(wide) > at;
    }

    private static boolean isPrimitive(String type) {
        return PRIMITIVES.containsValue(type);
    }

    private static Set<String> constants(String type) {
        return new HashSet<>(List.of(type.substring(EventShape.ONE_OF.length()).split(", ", -1)));
    }
}
