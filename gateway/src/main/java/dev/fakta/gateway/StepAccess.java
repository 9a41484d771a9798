// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/// Whether a caller has a role for what an answer says may be done next. What a thing allows and
/// what a caller may do are decided in two places; a client hears of both in one `allowed`.
final class StepAccess {

    /// What a step says that the caller has no role for: the code of the refusal that it would be.
    static final String FORBIDDEN = "FORBIDDEN";

    private final Map<String, List<Target>> byShape = new HashMap<>();

    /// @param lines all that is served
    StepAccess(List<Routes.Line> lines) {
        for (Routes.Line line : lines) {
            Route route = line.route();
            Target target = new Target(segments(route.path()), line.access());
            byShape.computeIfAbsent(
                            shape(route.method().name(), target.segments), _ -> new ArrayList<>())
                    .add(target);
        }
    }

    /// A route's path and whom it is for.
    private record Target(List<String> segments, RouteAccess access) {

        boolean isAt(List<String> asked) {
            for (int i = 0; i < segments.size(); i++) {
                if (!isParameter(segments.get(i)) && !segments.get(i).equals(asked.get(i))) {
                    return false;
                }
            }
            return true;
        }

        /// The one that names more of the path is the one that is asked.
        long literals() {
            return segments.stream().filter(one -> !isParameter(one)).count();
        }

        private static boolean isParameter(String segment) {
            return segment.startsWith("{");
        }
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }

    private static String shape(String method, List<String> segments) {
        String first = segments.size() > 1 ? segments.get(1) : "";
        return method + " " + first + " " + segments.size();
    }

    /// The step as it is for this caller. One that no route is served for stays as it is.
    private NextSteps.Step of(NextSteps.Step step, Caller caller) {
        List<String> asked = segments(step.href());
        Target found = null;
        for (Target one : byShape.getOrDefault(shape(step.method(), asked), List.of())) {
            if (one.isAt(asked) && (found == null || one.literals() > found.literals())) {
                found = one;
            }
        }
        return found == null || found.access.admits(caller)
                ? step
                : new NextSteps.Step(step.href(), step.method(), false, FORBIDDEN);
    }

    /// Whose answer is being written.
    record For(StepAccess access, Caller caller) {
        static final String ATTRIBUTE = For.class.getName();

        NextSteps.Step step(NextSteps.Step step) {
            return access.of(step, caller);
        }
    }

    /// Writes steps as they are for whom the answer is.
    static final class Serializer extends ValueSerializer<NextSteps.Step> {
        @Override
        public void serialize(
                NextSteps.Step step, JsonGenerator out, SerializationContext context) {
            NextSteps.Step shown =
                    context.getAttribute(For.ATTRIBUTE) instanceof For whom
                            ? whom.step(step)
                            : step;
            out.writeStartObject();
            out.writeStringProperty("href", shown.href());
            out.writeStringProperty("method", shown.method());
            out.writeBooleanProperty("allowed", shown.allowed());
            out.writeName("reason");
            if (shown.reason() == null) {
                out.writeNull();
            } else {
                out.writeString(shown.reason());
            }
            out.writeEndObject();
        }
    }
}
