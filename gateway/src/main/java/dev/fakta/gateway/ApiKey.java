// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A key of a program or of a person: who it makes its holder, what for, and until when. Facts have
/// its hash, never the key.
///
/// @param name what its holder is called; empty before it is issued
/// @param sha256 of the key, in hexadecimal
/// @param earlierSha256 of the key before the last rotation, which holds until `earlierUntil`
/// @param expiresAt when it ends by itself; `null` for never
/// @param usedAt when it was used, to the hour; `null` before the first use
record ApiKey(
        String name,
        List<CallerRole> roles,
        @Nullable Instant expiresAt,
        String sha256,
        String earlierSha256,
        @Nullable Instant earlierUntil,
        boolean isRevoked,
        @Nullable Instant usedAt) {

    /// A use within this time of one that is recorded is not recorded.
    static final Duration USE_STEP = Duration.ofHours(1);

    static final Aggregate<Command, Event, ApiKey> AGGREGATE =
            Aggregate.named("api-key")
                    .taking(Command.class)
                    .startingAs(new ApiKey("", List.of(), null, "", "", null, false, null))
                    .deciding(ApiKey::decide)
                    .evolving(ApiKey::evolve)
                    .refusing(Refusal.class)
                    .event("api-key-issued", Event.Issued.class)
                    .event("api-key-rotated", Event.Rotated.class)
                    .event("api-key-used", Event.Used.class)
                    .event("api-key-revoked", Event.Revoked.class);

    ApiKey {
        roles = List.copyOf(roles);
    }

    sealed interface Command {
        record Issue(
                String name, List<CallerRole> roles, @Nullable Instant expiresAt, String sha256)
                implements Command {
            public Issue {
                roles = List.copyOf(roles);
            }
        }

        /// Another key takes its place.
        ///
        /// @param earlierUntil until when the one before still opens
        record Rotate(String sha256, Instant earlierUntil) implements Command {}

        record Use(Instant at) implements Command {}

        record Revoke(@Nullable String reason) implements Command {}
    }

    sealed interface Event {
        record Issued(
                String name, List<CallerRole> roles, @Nullable Instant expiresAt, String sha256)
                implements Event {
            public Issued {
                roles = List.copyOf(roles);
            }
        }

        record Rotated(String sha256, Instant earlierUntil) implements Event {}

        record Used(Instant at) implements Event {}

        record Revoked(@Nullable String reason) implements Event {}
    }

    enum Refusal implements Rejection {
        KEY_ISSUED,
        KEY_MISSING,
        KEY_REVOKED
    }

    Decision<Event> decide(Command command) {
        return switch (command) {
            case Command.Issue _ when isIssued() -> reject(Refusal.KEY_ISSUED);
            case Command.Issue(var called, var given, var until, var hash) ->
                    accept(new Event.Issued(called, given, until, hash));
            case Command _ when !isIssued() -> reject(Refusal.KEY_MISSING);
            case Command.Revoke _ when isRevoked -> accept();
            case Command _ when isRevoked -> reject(Refusal.KEY_REVOKED);
            case Command.Rotate(var hash, var until) -> accept(new Event.Rotated(hash, until));
            case Command.Use(var at) when isUseOf(at) -> accept();
            case Command.Use(var at) -> accept(new Event.Used(at));
            case Command.Revoke(var reason) -> accept(new Event.Revoked(reason));
        };
    }

    ApiKey evolve(Event event) {
        return switch (event) {
            case Event.Issued(var called, var given, var until, var hash) ->
                    new ApiKey(called, given, until, hash, "", null, false, null);
            case Event.Rotated(var hash, var until) ->
                    new ApiKey(name, roles, expiresAt, hash, sha256, until, isRevoked, usedAt);
            case Event.Used(var at) ->
                    new ApiKey(
                            name,
                            roles,
                            expiresAt,
                            sha256,
                            earlierSha256,
                            earlierUntil,
                            isRevoked,
                            at);
            case Event.Revoked _ ->
                    new ApiKey(
                            name,
                            roles,
                            expiresAt,
                            sha256,
                            earlierSha256,
                            earlierUntil,
                            true,
                            usedAt);
        };
    }

    boolean isIssued() {
        return !name.isEmpty();
    }

    /// Whether a use at this time is recorded already, to the hour.
    boolean isUseOf(Instant at) {
        return usedAt != null && at.isBefore(usedAt.plus(USE_STEP));
    }

    boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    /// Whether a key is this one, or the one before as long as that holds. Takes as long for a
    /// wrong one as for a right one.
    boolean opensFor(AccessKey key, Instant now) {
        byte[] hash = key.sha256();
        boolean isCurrent = MessageDigest.isEqual(hash, HexFormat.of().parseHex(sha256));
        boolean isEarlier = MessageDigest.isEqual(hash, HexFormat.of().parseHex(earlierSha256));
        return isCurrent || (isEarlier && earlierUntil != null && now.isBefore(earlierUntil));
    }

    /// Who sends a request with it. The id tells two keys of one name apart.
    Caller caller(String id) {
        return new Caller(name + "/" + id, Set.copyOf(roles), "");
    }
}
