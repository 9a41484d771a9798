// SPDX-License-Identifier: Apache-2.0
package dev.fakta.kafka;

import dev.fakta.domain.At;
import dev.fakta.domain.RecordedEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/// What Kafka's binding of CloudEvents 1.0 says in binary mode: the attributes are headers with the
/// prefix `ce_`, in UTF-8, and the value is the data. The attributes are those of `GET /events`.
final class CloudEventHeaders {

    private CloudEventHeaders() {}

    static List<Header> of(RecordedEvent event) {
        At at = event.at();
        List<Header> headers = new ArrayList<>();
        add(headers, "content-type", "application/json");
        add(headers, "ce_specversion", "1.0");
        add(headers, "ce_id", event.id().toString());
        add(headers, "ce_source", "/" + event.microsystem());
        add(headers, "ce_type", event.name());
        add(headers, "ce_subject", event.stream());
        add(headers, "ce_time", at.time().toString());
        add(headers, "ce_revision", Long.toString(at.revision()));
        add(headers, "ce_schemaversion", Integer.toString(event.schemaVersion()));
        add(headers, "ce_commandid", at.commandId().toString());
        add(headers, "ce_correlationid", at.correlationId().toString());
        add(headers, "ce_causationid", at.causationId().toString());
        add(headers, "ce_position", at.partition() + "." + at.offset());
        if (!at.actor().isEmpty()) {
            add(headers, "ce_actor", at.actor());
        }
        if (!event.traceParent().isEmpty()) {
            add(headers, "ce_traceparent", event.traceParent());
        }
        return headers;
    }

    private static void add(List<Header> headers, String name, String value) {
        headers.add(new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8)));
    }
}
