// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import static dev.fakta.domain.Decision.accept;
import static dev.fakta.domain.Decision.reject;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Rejection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which campaign a code belongs to. The aggregate's id is the code in its [#normal] form, so one
/// code belongs to one campaign, and asking for it is reading one aggregate.
///
/// A campaign's codes are assigned before the campaign is defined with them: a code that was
/// assigned and never defined is unknown to customers, and harmless.
///
/// @param campaignId none as long as nobody uses the code
public record CampaignCode(@Nullable String campaignId) {

    public static final int LONGEST = 40;

    public static final Aggregate<Command, Event, CampaignCode> AGGREGATE =
            Aggregate.named("campaign-code")
                    .taking(Command.class)
                    .startingAs(new CampaignCode(null))
                    .deciding(CampaignCode::decide)
                    .evolving(CampaignCode::evolve)
                    .refusing(Refusal.class)
                    .event("campaign-code-assigned", Event.CodeAssigned.class);

    public sealed interface Command {
        record AssignCode(@Nullable String campaignId) implements Command {}
    }

    public sealed interface Event {
        record CodeAssigned(String campaignId) implements Event {}
    }

    public enum Refusal implements Rejection {
        CODE_TAKEN,
        CAMPAIGN_MISSING
    }

    /// The code without the blanks around it, in upper case; null when it is none: one of 1 to 40
    /// letters, digits, `-` and `_`.
    public static @Nullable String normal(String code) {
        String normal = code.strip().toUpperCase(Locale.ROOT);
        for (int index = 0; index < normal.length(); index++) {
            char one = normal.charAt(index);
            boolean legal =
                    (one >= 'A' && one <= 'Z')
                            || (one >= '0' && one <= '9')
                            || one == '-'
                            || one == '_';
            if (!legal) {
                return null;
            }
        }
        return normal.isEmpty() || normal.length() > LONGEST ? null : normal;
    }

    Decision<Event> decide(Command command) {
        return switch (command) {
            case Command.AssignCode(var to) when to == null || to.isBlank() ->
                    reject(Refusal.CAMPAIGN_MISSING);
            case Command.AssignCode(String to) when to.equals(campaignId) -> accept();
            case Command.AssignCode _ when campaignId != null -> reject(Refusal.CODE_TAKEN);
            case Command.AssignCode(String to) -> accept(new Event.CodeAssigned(to));
        };
    }

    CampaignCode evolve(Event event) {
        return switch (event) {
            case Event.CodeAssigned(var to) -> new CampaignCode(to);
        };
    }
}
