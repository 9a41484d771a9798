// SPDX-License-Identifier: Apache-2.0
package dev.fakta.log;

import java.nio.charset.StandardCharsets;

/// An event as it is given to the log. The log does not look into the payload, which nobody may
/// change after handing it over.
///
/// @param stream the stream's name, not empty, at most [#LONGEST_NAME] bytes in UTF-8
/// @param revision the number in the stream; the first event's is 1
/// @param name the event's stable name, not empty, at most [#LONGEST_NAME] bytes in UTF-8
/// @param schemaVersion the version of the payload's schema, 1 to 65535
/// @param payload at most [#LARGEST_PAYLOAD] bytes
@SuppressWarnings("ArrayRecordComponent") // bytes as they are stored; nobody compares by them
public record NewEvent(
        String stream,
        long revision,
        String name,
        int schemaVersion,
        byte[] payload,
        Metadata metadata) {

    /// The longest name of a stream or an event, in bytes of UTF-8.
    public static final int LONGEST_NAME = 255;

    /// The largest payload, in bytes.
    public static final int LARGEST_PAYLOAD = 4 << 20;

    public NewEvent {
        checkName("stream", stream);
        checkName("event", name);
        if (revision < 1) {
            throw new IllegalArgumentException("revisions count from 1: " + revision);
        }
        if (schemaVersion < 1 || schemaVersion > 0xFFFF) {
            throw new IllegalArgumentException(
                    "schema version out of 1 to 65535: " + schemaVersion);
        }
        if (payload.length > LARGEST_PAYLOAD) {
            throw new IllegalArgumentException(
                    "a payload of %,d bytes is larger than %,d"
                            .formatted(payload.length, LARGEST_PAYLOAD));
        }
    }

    private static void checkName(String what, String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of the %s is empty".formatted(what));
        }
        checkLength(what, name);
    }

    static void checkLength(String what, String text) {
        int most = text.length() * 3; // of UTF-8, so that most names need no closer look
        if (most > LONGEST_NAME && text.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "longer than %d bytes: %s '%s'".formatted(LONGEST_NAME, what, text));
        }
    }
}
