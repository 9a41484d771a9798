// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Processor;
import dev.fakta.domain.View;
import dev.fakta.gateway.ApiKey.Command;
import dev.fakta.gateway.ApiKey.Event;
import dev.fakta.runtime.Cause;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.Reply;
import dev.fakta.runtime.Versioned;
import dev.fakta.views.Row;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Keys that administrators give to programs and people: a microsystem that any application serves
/// beside its own.
///
/// ```java
/// Fakta.run(args, List.of(mine, ApiKeys.SERVED));
/// ```
///
/// `POST /keys` issues one and `POST /keys/{id}/rotate` replaces it: the answer has the key, which
/// is shown this once. `POST /keys/{id}/revoke` ends it. `GET /keys` lists them, `GET /keys/{id}`
/// shows one. All of it is for administrators.
///
/// Each request with a key asks the node that owns it, so that a key is of no use from the moment
/// that it is revoked.
public final class ApiKeys {

    private static final Duration LONGEST_OVERLAP = Duration.ofDays(7);
    private static final int LONGEST_BODY = 10_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,100}");

    private static final View VIEW =
            View.named("api-keys")
                    .table(
                            """
                            create table api_key (
                                id text primary key,
                                name text not null,
                                roles text not null,
                                expires_at bigint,
                                used_at bigint,
                                is_revoked integer not null)""")
                    .on(
                            Event.Issued.class,
                            (e, at, sql) ->
                                    sql.run(
                                            "insert into api_key (id, name, roles, expires_at, is_revoked)"
                                                    + " values (?, ?, ?, ?, 0)",
                                            at.id(),
                                            e.name(),
                                            e.roles().stream()
                                                    .map(CallerRole::name)
                                                    .collect(Collectors.joining(" ")),
                                            e.expiresAt() == null
                                                    ? null
                                                    : e.expiresAt().toEpochMilli()))
                    .on(
                            Event.Used.class,
                            (e, at, sql) ->
                                    sql.run(
                                            "update api_key set used_at = ? where id = ?",
                                            e.at().toEpochMilli(),
                                            at.id()))
                    .on(
                            Event.Revoked.class,
                            (_, at, sql) ->
                                    sql.run(
                                            "update api_key set is_revoked = 1 where id = ?",
                                            at.id()));

    /// The microsystem, and what is served of it.
    public static final ServedMicrosystem SERVED =
            new ServedMicrosystem(
                    Microsystem.named("api-keys").with(ApiKey.AGGREGATE).with(VIEW),
                    ApiKeys::routes);

    private ApiKeys() {}

    private static void routes(Routes http) {
        http.resource("/keys", ApiKey.AGGREGATE, Shown::of)
                .on(Routes.Method.POST, "/keys", 201, Wanted.class, Shown.class, ApiKeys::issue)
                .on(
                        Routes.Method.POST,
                        "/keys/{id}/rotate",
                        200,
                        Rotation.class,
                        Shown.class,
                        ApiKeys::rotate)
                .post("/keys/{id}/revoke", Command.Revoke.class, ApiKey.AGGREGATE)
                .get("/keys", VIEW, ApiKeys::page)
                .authenticating(ApiKeys::authenticate);
    }

    /// A key as administrators see it.
    ///
    /// @param key what its holder sends; only in the answer that shows it once
    private record Shown(
            String id,
            String name,
            List<CallerRole> roles,
            @Nullable Instant expiresAt,
            @Nullable Instant usedAt,
            boolean revoked,
            @Nullable String key) {

        static Shown of(Versioned<ApiKey> found) {
            return of(found, null);
        }

        static Shown of(Versioned<ApiKey> found, @Nullable String key) {
            ApiKey state = found.state();
            return new Shown(
                    found.id(),
                    state.name(),
                    state.roles(),
                    state.expiresAt(),
                    state.usedAt(),
                    state.isRevoked(),
                    key);
        }

        static Shown of(Row row) {
            return new Shown(
                    row.text("id"),
                    row.text("name"),
                    Arrays.stream(row.text("roles").split(" ")).map(CallerRole::valueOf).toList(),
                    time(row, "expires_at"),
                    time(row, "used_at"),
                    row.flag("is_revoked"),
                    null);
        }

        /// A column that is null when there is no such time: no key was used in 1970.
        private static @Nullable Instant time(Row row, String column) {
            long millis = row.number(column);
            return millis == 0 ? null : Instant.ofEpochMilli(millis);
        }
    }

    private static Page<Shown> page(Query query) {
        return query.page(
                "select * from api_key where id > ? order by id limit ?",
                Shown::of,
                Shown::id,
                Objects.requireNonNullElse(query.text("after"), ""));
    }

    /// Asks for a new key.
    private record Wanted(
            @Nullable String name, @Nullable List<CallerRole> roles, @Nullable Instant expiresAt) {

        Command.Issue issue(Instant now, AccessKey key) {
            List<Processor.Problem> problems = new ArrayList<>();
            if (name == null || !NAME.matcher(name).matches()) {
                problems.add(
                        new Processor.Problem(
                                "name",
                                "1 to 100 characters of a-z, A-Z, 0-9, '.', '_', '@' and '-'"));
            }
            if (roles == null || roles.isEmpty() || roles.contains(null)) {
                problems.add(new Processor.Problem("roles", "one or more, none of them null"));
            }
            if (expiresAt != null && !expiresAt.isAfter(now)) {
                problems.add(new Processor.Problem("expiresAt", "in the future"));
            }
            if (name == null || roles == null || !problems.isEmpty()) {
                throw new ProblemException(Problem.invalid(problems));
            }
            return new Command.Issue(
                    name, roles.stream().distinct().sorted().toList(), expiresAt, hash(key));
        }
    }

    /// Asks for another key in the place of one.
    ///
    /// @param keepOldFor how long the one before still opens; not at all when it is left out
    private record Rotation(@Nullable Duration keepOldFor) {

        Command.Rotate rotate(Instant now, AccessKey key) {
            Duration overlap = keepOldFor == null ? Duration.ZERO : keepOldFor;
            if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
                throw new ProblemException(
                        Problem.invalid(
                                List.of(
                                        new Processor.Problem(
                                                "keepOldFor", "nothing to 7 days, as in PT1H"))));
            }
            return new Command.Rotate(hash(key), now.plus(overlap));
        }
    }

    private static String hash(AccessKey key) {
        return HexFormat.of().formatHex(key.sha256());
    }

    private static void issue(Node node, Request request, ServerResponse response) {
        byte[] body = request.body(LONGEST_BODY);
        byte[] retry = request.keyDigest();
        AccessKey key =
                AccessKey.fresh(
                        retry == null ? Ids.fresh(node.clock().millis()) : Ids.following(retry));
        Wanted wanted = request.read(Wanted.class, body);
        Command command = wanted.issue(node.clock().instant(), key);
        show(node, request, response, 201, key, command, request.cause(retry, body, 0));
    }

    private static void rotate(Node node, Request request, ServerResponse response) {
        byte[] body = request.body(LONGEST_BODY);
        AccessKey key = AccessKey.fresh(known(request.id()));
        Rotation rotation = request.read(Rotation.class, body);
        Command command = rotation.rotate(node.clock().instant(), key);
        Cause cause = request.cause(request.keyDigest(), body, 0);
        if (node.state(ApiKey.AGGREGATE, key.id()).revision() == 0) {
            throw unknown(key.id());
        }
        show(node, request, response, 200, key, command, cause);
    }

    /// An id that no key has is not found, whatever it is made of.
    private static String known(String id) {
        if (!AccessKey.isId(id)) {
            throw unknown(id);
        }
        return id;
    }

    private static ProblemException unknown(String id) {
        return new ProblemException(Problem.unknown("api-key " + id));
    }

    /// Shows the key, unless the request was carried out before: then it was another key, and was
    /// shown.
    private static void show(
            Node node,
            Request request,
            ServerResponse response,
            int status,
            AccessKey key,
            Command command,
            Cause cause) {
        Reply<ApiKey> reply = node.await(node.send(ApiKey.AGGREGATE, key.id(), command, cause));
        Shown shown =
                switch (reply) {
                    case Reply.Accepted<ApiKey>(var accepted) -> Shown.of(accepted, key.text());
                    case Reply.Repeated<ApiKey> _ -> {
                        response.header(Answers.REPLAYED);
                        yield Shown.of(node.state(ApiKey.AGGREGATE, key.id()));
                    }
                    default -> throw new ProblemException(Problem.of(reply));
                };
        if (status == 201) {
            response.header(HeaderNames.LOCATION, "/keys/" + key.id());
        }
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Answers.json(request.http(), response, status, shown);
    }

    /// Finds a key's holder, on a node that has no keys itself too.
    static Authenticator.Verdict authenticate(Authenticator.Credentials credentials, Node node) {
        String text = credentials.bearer();
        AccessKey key = text == null ? null : AccessKey.parse(text);
        if (key == null) {
            return text != null && text.startsWith("fakta_")
                    ? new Authenticator.Verdict.Wrong(
                            "This key was copied wrongly: its checksum does not fit.")
                    : new Authenticator.Verdict.OfAnotherKind();
        }
        Instant now = node.clock().instant();
        ApiKey found = node.state(ApiKey.AGGREGATE, key.id()).state();
        if (!found.opensFor(key, now)) {
            return new Authenticator.Verdict.Wrong("This key is not known.");
        }
        if (found.isRevoked()) {
            return new Authenticator.Verdict.Wrong("This key was revoked.");
        }
        if (found.isExpired(now)) {
            return new Authenticator.Verdict.Wrong("This key has expired.");
        }
        Caller caller = found.caller(key.id());
        if (!found.isUseOf(now)) {
            Cause cause = Cause.of(Cause.freshId(), 0, caller.name());
            var _ = node.send(ApiKey.AGGREGATE, key.id(), new Command.Use(now), cause);
        }
        return new Authenticator.Verdict.Known(caller);
    }
}
