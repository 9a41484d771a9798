// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Processor;
import dev.fakta.domain.View;
import dev.fakta.gateway.Routes.Method;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.Recorded;
import io.helidon.webserver.http.ServerResponse;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One route, as it was listed.
sealed interface Route {

    Method method();

    String path();

    /// The media type of its answers.
    default String answers() {
        return JSON;
    }

    /// The names of the path's parameters; the first one is the aggregate's id.
    default List<String> parameters() {
        return parameters(path());
    }

    /// The names of a path's parameters.
    static List<String> parameters(String path) {
        return PARAMETER.matcher(path).results().map(found -> found.group(1)).toList();
    }

    String JSON = "application/json";
    Pattern PARAMETER = Pattern.compile("\\{([a-zA-Z]+)}");

    /// Answers an aggregate's state.
    ///
    /// @param idForm how the aggregate's id is made of the path's parameters, as in
    ///   `{sku}@{location}`
    record Read(String path, Aggregate<?, ?, ?> aggregate, String idForm) implements Route {
        @Override
        public Method method() {
            return Method.GET;
        }
    }

    /// Answers an aggregate's events.
    ///
    /// @param idForm as in [Read]
    /// @param shown what is answered of an event; of some, nothing is
    /// @param item the type of what is answered of one
    record Events(
            String path,
            Aggregate<?, ?, ?> aggregate,
            String idForm,
            Function<Recorded<Object>, Optional<Object>> shown,
            Supplier<Type> item)
            implements Route {
        @Override
        public Method method() {
            return Method.GET;
        }
    }

    record Ask(String path, View view, Routes.Handler handler) implements Route {
        @Override
        public Method method() {
            return Method.GET;
        }
    }

    /// Sends the body as a command.
    ///
    /// @param status of the answer to a command that is taken
    record Command(
            Method method,
            int status,
            String path,
            Class<?> command,
            Aggregate<?, ?, ?> aggregate,
            BiFunction<String, Object, String> id)
            implements Route {}

    record Submit(Method method, String path, Processor<?, ?> processor) implements Route {}

    /// Creates an aggregate, as one of the collection that its resource stands in.
    record Create(String path, Processor<?, ?> processor) implements Route {
        @Override
        public Method method() {
            return Method.POST;
        }
    }

    /// Shows what a request would create, and creates nothing.
    ///
    /// @param shown what is answered of the command that would be sent
    record Preview(String path, Processor<?, ?> processor, Routes.ShownCommand<Object> shown)
            implements Route {
        @Override
        public Method method() {
            return Method.POST;
        }
    }

    /// What another system sends in its own form.
    record Receive(String path, int longestBody, Receiver receiver) implements Route {
        @Override
        public Method method() {
            return Method.POST;
        }
    }

    /// What operators ask for, the same for every microsystem.
    ///
    /// @param about what its document says of it
    record Operation(Method method, String path, String answers, Work work, About about)
            implements Route {

        Operation(Method method, String path, String answers, Work work) {
            this(method, path, answers, work, About.NOTHING);
        }
    }

    /// What a document says of a request that no other part of the program says.
    ///
    /// @param answers the types of what may be answered; none of an answer that is no JSON
    /// @param body the record that the body is; `null` when there is none
    record About(
            List<QueryParameters.Parameter> parameters,
            @Nullable Class<?> body,
            List<Type> answers) {

        static final About NOTHING = new About(List.of(), null, List.of(Object.class));

        public About {
            parameters = List.copyOf(parameters);
            answers = List.copyOf(answers);
        }
    }

    /// What the gateway serves of a microsystem of its own.
    record OnNode(Method method, String path, int status, NodeWork work, About about)
            implements Route {}

    /// Answers a request by means of the node.
    @FunctionalInterface
    interface NodeWork {
        void handle(Node node, Request request, ServerResponse response);
    }

    /// Carries out a request whose route needs nothing of the node, and writes its answer.
    @FunctionalInterface
    interface Work {
        void handle(Request request, ServerResponse response);
    }
}
