// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.log.ClaimRecord;
import dev.fakta.log.EventRecord;
import dev.fakta.log.HybridTime;
import dev.fakta.log.LogRecord;
import dev.fakta.log.Metadata;
import dev.fakta.log.NewEvent;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Records of the log as CloudEvents 1.0 in JSON. Their data is the payload as it is recorded.
public final class CloudEvents {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private CloudEvents() {}

    /// A record as a CloudEvent. `position` is the place in the log, partition and offset; a claim
    /// is a record too, so that positions have no gap.
    public static ObjectNode of(LogRecord record, String source) {
        ObjectNode json = JSON.createObjectNode().put("specversion", "1.0").put("source", source);
        switch (record) {
            case EventRecord(_, _, var event) -> describe(json, event);
            case ClaimRecord claim -> describe(json, claim);
        }
        return json.put("time", HybridTime.instant(record.time()).toString())
                .put("position", position(record));
    }

    private static void describe(ObjectNode json, NewEvent event) {
        Metadata why = event.metadata();
        json.put("id", why.eventId().toString())
                .put("type", event.name())
                .put("subject", event.stream())
                .put("revision", event.revision())
                .put("schemaversion", event.schemaVersion())
                .put("commandid", why.commandId().toString())
                .put("correlationid", why.correlationId().toString())
                .put("causationid", why.causationId().toString());
        if (!why.actor().isEmpty()) {
            json.put("actor", why.actor());
        }
        if (!why.traceParent().isEmpty()) {
            json.put("traceparent", why.traceParent());
        }
        JsonNode data = data(event);
        if (data.isBinary()) {
            json.set("data_base64", data);
        } else {
            json.put("datacontenttype", "application/json").set("data", data);
        }
    }

    private static void describe(ObjectNode json, ClaimRecord claim) {
        json.put("id", position(claim))
                .put("type", "fakta.partition-claimed")
                .put("datacontenttype", "application/json")
                .putObject("data")
                .put("epoch", claim.epoch())
                .put("node", claim.node());
    }

    /// The payload; as bytes when it is not JSON.
    public static JsonNode data(NewEvent event) {
        JsonNode bytes = JSON.getNodeFactory().binaryNode(event.payload());
        try {
            JsonNode data = JSON.readTree(event.payload());
            return data.isMissingNode() ? bytes : data;
        } catch (JacksonException _) {
            return bytes;
        }
    }

    private static String position(LogRecord record) {
        return record.partition() + "." + record.offset();
    }
}
