// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Processor;
import dev.fakta.gateway.WebhookSubscription.Command;
import dev.fakta.log.Positions;
import dev.fakta.runtime.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads what is to be sent again: single messages, which are found among the deliveries that this
/// node can list, or all that are wanted between two tokens.
///
/// @param logs of this node
record WebhookResendRoute(WebhookDeliveryLogs logs) {

    static final int MOST_MESSAGES = 100;

    /// A range has so many records of the log at most, wanted or not: all of them are read again.
    static final long LONGEST_RANGE = 100_000;

    /// Asks for messages again.
    ///
    /// @param messages their ids, as `GET` at `deliveries` lists them; without the other two
    /// @param after a token: those of events behind it
    /// @param before a token: those of events up to it; up to where the subscription has got when
    ///   it is left out
    record ResendRequest(
            @Nullable List<String> messages, @Nullable String after, @Nullable String before) {}

    /// The command that the request stands for.
    ///
    /// @throws ProblemException when the request is at fault
    Command.AskResend command(Node node, String subscription, ResendRequest asked) {
        List<Processor.Problem> problems = new ArrayList<>();
        Command.AskResend command =
                asked.messages == null
                        ? range(node, subscription, asked, problems)
                        : single(node, subscription, asked, asked.messages, problems);
        if (!problems.isEmpty()) {
            throw new ProblemException(Problem.invalid(problems));
        }
        return command;
    }

    private Command.AskResend single(
            Node node,
            String subscription,
            ResendRequest asked,
            List<String> ids,
            List<Processor.Problem> problems) {
        if (asked.after != null || asked.before != null) {
            problems.add(new Processor.Problem("messages", "without after and before"));
        }
        boolean isFaulty =
                ids.isEmpty()
                        || ids.size() > MOST_MESSAGES
                        || ids.stream().anyMatch(Objects::isNull);
        if (isFaulty) {
            problems.add(
                    new Processor.Problem(
                            "messages", "1 to %d ids of messages".formatted(MOST_MESSAGES)));
            return new Command.AskResend("", "", List.of());
        }
        var known =
                logs.of(subscription).stream()
                        .collect(
                                Collectors.toMap(
                                        WebhookDelivery::id,
                                        WebhookDelivery::position,
                                        (one, _) -> one));
        List<String> positions = new ArrayList<>();
        for (String id : ids.stream().distinct().toList()) {
            String position = known.get(id);
            String found =
                    position == null ? WebhookView.givenUpAt(node, subscription, id) : position;
            if (found == null) {
                problems.add(
                        new Processor.Problem(
                                "messages",
                                "not among the deliveries that this node lists: " + id));
            } else {
                positions.add(found);
            }
        }
        return new Command.AskResend("", "", positions);
    }

    private static Command.AskResend range(
            Node node, String subscription, ResendRequest asked, List<Processor.Problem> problems) {
        Positions heads = node.heads();
        Positions after = token("after", asked.after, heads, problems);
        Positions before =
                asked.before == null
                        ? Positions.parse(
                                node.state(WebhookSubscription.AGGREGATE, subscription)
                                        .state()
                                        .positions())
                        : token("before", asked.before, heads, problems);
        if (problems.isEmpty() && after.behind(before) > LONGEST_RANGE) {
            problems.add(
                    new Processor.Problem(
                            "after",
                            "at most %d records of the log lie in a range"
                                    .formatted(LONGEST_RANGE)));
        }
        if (problems.isEmpty() && after.behind(before) == 0) {
            problems.add(new Processor.Problem("after", "nothing lies between it and before"));
        }
        return new Command.AskResend(after.token(), before.token(), List.of());
    }

    private static Positions token(
            String field,
            @Nullable String text,
            Positions heads,
            List<Processor.Problem> problems) {
        try {
            Positions token = text == null ? null : Token.parse(text).positions();
            if (token != null && !token.isBeyond(heads)) {
                return token;
            }
        } catch (IllegalArgumentException _) {
            // told below
        }
        problems.add(
                new Processor.Problem(field, "a token, as events and subscriptions have them"));
        return heads;
    }
}
