// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import dev.fakta.gateway.Receiver;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.payments.Operation.Kind;
import dev.fakta.orders.payments.OperationKey;
import dev.fakta.orders.payments.provider.ProviderNotice.Content;
import dev.fakta.orders.payments.provider.ProviderNotice.Topic;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Takes the provider's webhooks: what is signed with our secret, and not stale, becomes a
/// [ProviderNotice] and is answered as soon as that is durable. What is not, or cannot be read, is
/// refused, and nothing is recorded.
public final class ProviderWebhooks implements Receiver {

    /// Where they are taken.
    public static final String PATH = "/webhooks/payments";

    /// A webhook is a few hundred bytes.
    public static final int LONGEST_BODY = 32 << 10;

    private static final Pattern EVENT_ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    private static final Map<String, Topic> TOPICS =
            Map.of(
                    "succeeded", Topic.SUCCEEDED,
                    "failed", Topic.FAILED,
                    "expired", Topic.EXPIRED,
                    "opened", Topic.DISPUTED);
    private static final int LONGEST_TEXT = 200;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final WebhookSecret secret;

    public ProviderWebhooks(WebhookSecret secret) {
        this.secret = secret;
    }

    @Override
    public Taken take(Delivery delivery) {
        WebhookSecret.Fault fault =
                secret.verify(
                        delivery.header(WebhookSecret.HEADER), delivery.body(), delivery.now());
        if (fault != null) {
            return switch (fault) {
                case FORGED -> new Refuse(401, "signature-invalid", "The signature does not fit.");
                case STALE ->
                        new Refuse(401, "signature-stale", "The signed time is not of today.");
            };
        }
        try {
            JsonNode tree = JSON.readTree(delivery.body());
            String id = tree.path("id").asString("");
            Content content = EVENT_ID.matcher(id).matches() ? content(tree) : null;
            return content == null
                    ? unreadable("id, type, key or another field is missing or unknown")
                    : Send.to(
                            ProviderNotice.AGGREGATE,
                            id,
                            new ProviderNotice.Command.Receive(content));
        } catch (JacksonException | DateTimeException e) {
            return unreadable(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static Taken unreadable(String why) {
        return new Refuse(400, "unreadable-request", "The webhook cannot be read: " + why);
    }

    private static @Nullable Content content(JsonNode tree) {
        String type = tree.path("type").asString("");
        String last = type.substring(type.indexOf('.') + 1);
        Topic topic = TOPICS.get(last);
        Optional<OperationKey> key = OperationKey.parse(tree.path("key").asString(""));
        Money amount = JSON.treeToValue(tree.path("amount"), Money.class);
        String reference = tree.path("reference").asString("");
        String reason = tree.path("reason").asString("");
        if (topic == null || key.isEmpty() || amount == null) {
            return null;
        }
        boolean isWhole =
                isSubject(type, topic, key.get().kind())
                        && !reference.isBlank()
                        && reference.length() <= LONGEST_TEXT
                        && reason.length() <= LONGEST_TEXT;
        if (!isWhole) {
            return null;
        }
        JsonNode expiry = tree.path("expiresAt");
        return new Content(
                topic,
                key.get().payment(),
                key.get().kind(),
                key.get().number(),
                amount,
                reference,
                reason,
                Instant.parse(tree.path("at").asString("")),
                expiry.isString() ? Instant.parse(expiry.asString()) : null);
    }

    /// Whether the type speaks of what the key is of.
    private static boolean isSubject(String type, Topic topic, Kind kind) {
        String subject = type.substring(0, Math.max(type.indexOf('.'), 0));
        return switch (topic) {
            case SUCCEEDED, FAILED -> subject.equals(kind.name().toLowerCase(Locale.ROOT));
            case EXPIRED -> subject.equals("authorization") && kind == Kind.AUTHORIZATION;
            case DISPUTED -> subject.equals("dispute");
        };
    }
}
