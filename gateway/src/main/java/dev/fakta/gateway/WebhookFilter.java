// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.gateway.WebhookDeliverers.WebhookSource;
import dev.fakta.gateway.WebhookSubscription.Wanted;
import dev.fakta.log.EventRecord;
import java.util.Set;

/// Which events a subscription gets.
///
/// @param types names of events; all when there is none
/// @param streams aggregates or single streams; all but those of sagas and of webhooks when there
///   is none
record WebhookFilter(WebhookSource source, Set<String> types, Set<String> streams) {

    static WebhookFilter of(WebhookSource source, Wanted wanted) {
        return new WebhookFilter(source, Set.copyOf(wanted.types()), Set.copyOf(wanted.streams()));
    }

    /// The kind of the stream that an event is in.
    static String aggregate(EventRecord record) {
        String stream = record.event().stream();
        return stream.substring(0, Math.max(0, stream.indexOf('/')));
    }

    /// How far a subscription has got is told to none: to tell it would be progress again.
    boolean wants(EventRecord record) {
        if (record.event().name().equals(WebhookSubscription.PROGRESSED)) {
            return false;
        }
        String aggregate = aggregate(record);
        boolean isOfStream =
                streams.isEmpty()
                        ? source.isOrdinary(aggregate)
                        : streams.contains(aggregate) || streams.contains(record.event().stream());
        return isOfStream && (types.isEmpty() || types.contains(record.event().name()));
    }
}
