// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import dev.fakta.domain.Decision;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.First;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.gateway.Page;
import dev.fakta.gateway.Query;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.campaign.Campaign.Command.Activate;
import dev.fakta.orders.campaign.Campaign.Command.AddCodes;
import dev.fakta.orders.campaign.Campaign.Command.DefineCampaign;
import dev.fakta.orders.campaign.Campaign.Command.Pause;
import dev.fakta.orders.campaign.CampaignCode.Command.AssignCode;
import dev.fakta.runtime.Row;
import dev.fakta.runtime.Versioned;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Campaigns over HTTP. Their codes are assigned before the campaign knows them, so that one code
/// never belongs to two campaigns.
public final class CampaignRoutes {

    public static final Processor<DefineCampaign, Campaign.Command> DEFINE =
            Processor.named("define-campaign")
                    .taking(DefineCampaign.class)
                    .sendingTo(Campaign.AGGREGATE)
                    .processing((define, context) -> assigning(define.codes(), define, context));

    public static final Processor<AddCodes, Campaign.Command> ADD_CODES =
            Processor.named("add-campaign-codes")
                    .taking(AddCodes.class)
                    .sendingTo(Campaign.AGGREGATE)
                    .processing((add, context) -> assigning(add.codes(), add, context));

    private CampaignRoutes() {}

    public static void list(Routes http) {
        http.resource("/campaigns", Campaign.AGGREGATE, CampaignJson::of)
                .put("/campaigns/{id}", DEFINE)
                .put("/campaigns/{id}/codes", ADD_CODES)
                .post("/campaigns/{id}/activation", Activate.class, Campaign.AGGREGATE)
                .post("/campaigns/{id}/pause", Pause.class, Campaign.AGGREGATE)
                .get("/campaigns", CampaignsView.DEFINITION, CampaignRoutes::page);
    }

    /// What the campaign is going to refuse assigns no codes: nobody else could use them.
    private static Outcome<Campaign.Command> assigning(
            @Nullable List<@Nullable String> codes, Campaign.Command command, Context context) {
        Campaign campaign = context.state(Campaign.AGGREGATE, context.id());
        if (campaign.decide(command) instanceof Decision.Rejected<?>) {
            return new Outcome.Send<>(command);
        }
        List<First<?>> first = new ArrayList<>();
        List<String> normal = Definition.normal(codes);
        for (String code : normal == null ? List.<String>of() : normal) {
            first.add(new First<>(CampaignCode.AGGREGATE, code, new AssignCode(context.id())));
        }
        return new Outcome.Send<>(command, first);
    }

    /// A campaign as clients see it.
    ///
    /// @param spent in minor units, by currency
    private record CampaignJson(
            String id,
            List<String> codes,
            boolean active,
            @Nullable Rules rules,
            long reserved,
            long redeemed,
            Map<String, Long> spent,
            long revision) {

        static CampaignJson of(Versioned<Campaign> versioned) {
            Campaign campaign = versioned.state();
            return new CampaignJson(
                    versioned.id(),
                    campaign.codes(),
                    campaign.active(),
                    campaign.rules(),
                    campaign.redemptions().reserved().size(),
                    campaign.redemptions().redeemed(),
                    campaign.redemptions().spent(),
                    versioned.revision());
        }
    }

    /// A campaign in the list.
    private record Listed(
            String id,
            String kind,
            boolean active,
            boolean exclusive,
            long reserved,
            long redeemed,
            long revision) {

        static Listed of(Row row) {
            return new Listed(
                    row.text("id"),
                    row.text("kind"),
                    row.flag("active"),
                    row.flag("exclusive"),
                    row.number("reserved"),
                    row.number("redeemed"),
                    row.number("revision"));
        }
    }

    private static Page<Listed> page(Query query) {
        String after = query.text("after");
        return query.page(
                "select * from campaign where id > ? order by id limit ?",
                Listed::of,
                Listed::id,
                after == null ? "" : after);
    }
}
