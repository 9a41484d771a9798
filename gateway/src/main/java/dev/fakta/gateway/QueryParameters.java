// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// The parameters that a query asks for, with what it takes. They are found out by letting the
/// query's handler run once without any, up to its first rows: it has to ask for all of them before
/// that, since a parameter that it has not asked for by then is refused.
final class QueryParameters {

    private static final Logger LOG = LoggerFactory.getLogger(QueryParameters.class);

    private final Map<String, ObjectNode> asked = new TreeMap<>();

    /// One parameter.
    ///
    /// @param schema of its value
    record Parameter(String name, ObjectNode schema) {

        static Parameter text(String name) {
            return new Parameter(name, string().put("maxLength", Query.LONGEST));
        }

        static Parameter number(String name, long otherwise, long least, long most) {
            return new Parameter(
                    name,
                    Json.mapper()
                            .createObjectNode()
                            .put("type", "integer")
                            .put("minimum", least)
                            .put("maximum", most)
                            .put("default", otherwise));
        }

        static Parameter revision(String name) {
            return new Parameter(
                    name,
                    Json.mapper()
                            .createObjectNode()
                            .put("type", "integer")
                            .put("format", "int64")
                            .put("minimum", 0));
        }

        static Parameter time(String name) {
            return new Parameter(name, string().put("format", "date-time"));
        }

        static Parameter oneOf(String name, Collection<String> words) {
            ObjectNode schema = string();
            words.stream().distinct().forEach(schema.putArray("enum")::add);
            return new Parameter(name, schema);
        }

        private static ObjectNode string() {
            return Json.mapper().createObjectNode().put("type", "string");
        }
    }

    /// Ends a run where the rows would be read.
    private static final class Asked extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Asked() {
            super("all parameters are asked for", null, false, false);
        }
    }

    private QueryParameters() {}

    /// Those that a handler asks for, by name: a handler that goes through a `Map` asks in another
    /// order on each node, and all nodes have one document.
    ///
    /// @param query of no request, with what it writes into
    static List<Parameter> of(Route.Ask route, Function<QueryParameters, Query> query) {
        QueryParameters parameters = new QueryParameters();
        try {
            route.handler().answer(query.apply(parameters));
        } catch (Asked | ProblemException _) {
            // asked for all that it takes, or found that nothing is there
        } catch (RuntimeException e) {
            LOG.warn("{} may take more parameters than its document says", route.path(), e);
        }
        return parameters.asked.entrySet().stream()
                .map(one -> new Parameter(one.getKey(), one.getValue()))
                .toList();
    }

    void text(String name) {
        add(Parameter.text(name));
    }

    void number(String name, long otherwise, long least, long most) {
        asked.put(name, Parameter.number(name, otherwise, least, most).schema());
    }

    void time(String name) {
        asked.put(name, Parameter.time(name).schema());
    }

    /// In capitals, or as rows have them.
    void oneOf(String name, Enum<?>... values) {
        Stream<String> words =
                Arrays.stream(values).flatMap(one -> Stream.of(one.name(), one.toString()));
        add(Parameter.oneOf(name, words.toList()));
    }

    void words(String name, List<String> words) {
        add(Parameter.oneOf(name, words));
    }

    private void add(Parameter parameter) {
        asked.putIfAbsent(parameter.name(), parameter.schema());
    }

    RuntimeException complete() {
        return new Asked();
    }
}
