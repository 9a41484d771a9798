// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.At;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaCommand.Fact;
import dev.fakta.domain.SagaEvent.Request;
import dev.fakta.domain.SagaState.Own;
import dev.fakta.runtime.CodecException;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.core.CommandTypes;
import dev.fakta.runtime.core.StateType;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/// The three places in a saga's JSON where a value says of what kind it is: a command (by
/// aggregate, or processor, and record name), a saga's own state (by saga), and an event on its way
/// to an instance (by its stable name).
public final class SagaJson extends SimpleModule {

    private static final long serialVersionUID = 1L;

    public SagaJson(Microsystems microsystems) {
        super("sagas");
        CommandTypes commands = new CommandTypes(microsystems);
        Map<String, Class<?>> states = new HashMap<>();
        for (Saga<?, ?> saga : microsystems.sagas()) {
            states.put(saga.name(), StateType.of(saga.aggregate().initial().state()));
        }
        addSerializer(Request.class, new RequestWriter());
        Map<String, Class<?>> events = new HashMap<>();
        for (Aggregate<?, ?, ?> aggregate : microsystems.hosted()) {
            aggregate.events().forEach(event -> events.put(event.name(), event.type()));
        }
        addDeserializer(Request.class, new RequestReader(commands));
        addSerializer(Own.class, new OwnWriter());
        addDeserializer(Own.class, new OwnReader(states));
        addDeserializer(Fact.class, new FactReader(events));
    }

    private static final class RequestWriter extends ValueSerializer<Request> {
        @Override
        public void serialize(Request request, JsonGenerator json, SerializationContext context) {
            Object command = request.command();
            json.writeStartObject();
            json.writeStringProperty("aggregate", request.aggregate());
            if (!request.processor().isEmpty()) {
                json.writeStringProperty("processor", request.processor());
            }
            json.writeStringProperty("id", request.id());
            if (command instanceof UnknownCommand(var type, var fields)) {
                json.writeStringProperty("type", type);
                json.writePOJOProperty("command", fields);
            } else {
                json.writeStringProperty("type", command.getClass().getSimpleName());
                json.writePOJOProperty("command", command);
            }
            json.writeEndObject();
        }
    }

    private static final class RequestReader extends ValueDeserializer<Request> {
        private final CommandTypes commands;

        RequestReader(CommandTypes commands) {
            this.commands = commands;
        }

        @Override
        public Request deserialize(JsonParser parser, DeserializationContext context) {
            JsonNode tree = context.readTree(parser);
            String aggregate = tree.path("aggregate").asString();
            String processor = tree.path("processor").asString("");
            String name = tree.path("type").asString();
            Class<?> type =
                    processor.isEmpty()
                            ? commands.find(aggregate, name)
                            : commands.findRequest(processor, name);
            JsonNode fields = tree.path("command");
            Object command =
                    type == null
                            ? new UnknownCommand(name, fields)
                            : context.readTreeAsValue(fields, type);
            return new Request(aggregate, processor, tree.path("id").asString(), command);
        }
    }

    private static final class OwnWriter extends ValueSerializer<Object> {
        @Override
        public void serialize(Object value, JsonGenerator json, SerializationContext context) {
            Own<?> own = (Own<?>) value;
            Object state = own.state();
            json.writeStartObject();
            json.writeStringProperty("saga", own.saga());
            json.writeName("state");
            context.findTypedValueSerializer(StateType.of(state), true)
                    .serialize(state, json, context);
            json.writeEndObject();
        }
    }

    private static final class OwnReader extends ValueDeserializer<Own<?>> {
        private final Map<String, Class<?>> states;

        OwnReader(Map<String, Class<?>> states) {
            this.states = states;
        }

        @Override
        public Own<?> deserialize(JsonParser parser, DeserializationContext context) {
            JsonNode tree = context.readTree(parser);
            String saga = tree.path("saga").asString();
            Class<?> type = states.get(saga);
            if (type == null) {
                throw new CodecException("this program has no saga '%s'".formatted(saga));
            }
            return new Own<>(saga, context.readTreeAsValue(tree.path("state"), type));
        }
    }

    private static final class FactReader extends ValueDeserializer<Fact> {
        private final Map<String, Class<?>> events;

        FactReader(Map<String, Class<?>> events) {
            this.events = events;
        }

        @Override
        public Fact deserialize(JsonParser parser, DeserializationContext context) {
            JsonNode tree = context.readTree(parser);
            String name = tree.path("name").asString();
            Class<?> type = events.get(name);
            if (type == null) {
                throw new CodecException("no aggregate names the event '%s'".formatted(name));
            }
            return new Fact(
                    name,
                    context.readTreeAsValue(tree.path("event"), type),
                    context.readTreeAsValue(tree.path("at"), At.class));
        }
    }
}
