// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;

/// All faults of a body that was not read, field by field. Jackson ends at the first one; this
/// walks the body along the components of the record that it should be, and has Jackson read each
/// value by itself. It costs nothing while bodies are as they should be.
final class BodyFaults {

    /// Enough to correct a request by, and little enough for an answer.
    private static final int MOST = 50;

    private final List<Fault> found = new ArrayList<>();

    private BodyFaults() {}

    /// The first 50 faults; none when each value can be read by itself.
    ///
    /// @param type a record
    static List<Fault> of(Class<?> type, JsonNode body) {
        BodyFaults faults = new BodyFaults();
        faults.look("", Json.mapper().constructType(type), body);
        return faults.found;
    }

    private void add(Fault fault) {
        if (found.size() < MOST) {
            found.add(fault);
        }
    }

    private void look(String path, JavaType type, JsonNode value) {
        int before = found.size();
        if (before == MOST) {
            return;
        }
        if (type.getRawClass().isRecord() && value.isObject()) {
            components(path, type.getRawClass(), value);
        } else if (type.isCollectionLikeType() && value.isArray()) {
            for (int i = 0; i < value.size() && found.size() < MOST; i++) {
                if (!value.get(i).isNull()) {
                    look(path + "[" + i + "]", type.getContentType(), value.get(i));
                }
            }
        }
        if (found.size() == before) {
            read(path, type, value);
        }
    }

    private void components(String path, Class<?> type, JsonNode value) {
        for (RecordComponent component : type.getRecordComponents()) {
            JsonNode part = value.get(component.getName());
            String name = within(path, component.getName());
            if (part != null && !part.isNull()) {
                look(name, Json.mapper().constructType(component.getGenericType()), part);
            } else if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                add(Fault.missing(name));
            }
        }
        for (String name : value.propertyNames()) {
            if (component(type, name).isEmpty()) {
                add(Fault.unknown(within(path, name)));
            }
        }
    }

    private static Optional<RecordComponent> component(Class<?> type, String name) {
        return Arrays.stream(type.getRecordComponents())
                .filter(one -> one.getName().equals(name))
                .findFirst();
    }

    private static String within(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /// What the value's own type says of it, when its parts are right.
    private void read(String path, JavaType type, JsonNode value) {
        try {
            Json.mapper().treeToValue(value, type);
        } catch (DatabindException e) {
            Fault fault = Json.fault(e);
            String inside = fault.field();
            String field =
                    inside.isEmpty() || inside.startsWith("[")
                            ? path + inside
                            : within(path, inside);
            add(new Fault(field, fault.reason(), fault.code()));
        } catch (IllegalArgumentException e) { // of StrictModule
            add(Fault.unreadable(path, String.valueOf(e.getMessage())));
        } catch (JacksonException _) {
            add(Fault.unreadable(path, "the number is out of range"));
        }
    }
}
