// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import static dev.fakta.gateway.CallerRole.STAFF;

import dev.fakta.domain.Decision;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.First;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.gateway.NextSteps;
import dev.fakta.gateway.Page;
import dev.fakta.gateway.Query;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.campaign.Campaign.Command.Activate;
import dev.fakta.orders.campaign.Campaign.Command.AddCodes;
import dev.fakta.orders.campaign.Campaign.Command.DefineCampaign;
import dev.fakta.orders.campaign.Campaign.Command.Pause;
import dev.fakta.orders.campaign.CampaignCode.Command.AssignCode;
import dev.fakta.orders.money.Money;
import dev.fakta.runtime.Versioned;
import dev.fakta.views.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private static final DefineCampaign TEN_PERCENT =
            new DefineCampaign(
                    List.of("TEATIME"),
                    "percentage",
                    BigDecimal.TEN,
                    null,
                    null,
                    null,
                    Instant.parse("2026-03-01T00:00:00Z"),
                    Instant.parse("2027-03-01T00:00:00Z"),
                    1_000L,
                    1L,
                    null,
                    Money.of(2_000, "USD"),
                    null,
                    List.of("drinks"),
                    null,
                    null);

    private CampaignRoutes() {}

    public static void list(Routes http) {
        http.resource("/campaigns", Campaign.AGGREGATE, CampaignJson::of)
                .allowing(STAFF)
                .put("/campaigns/{id}", DEFINE)
                .example(TEN_PERCENT)
                .puttingBack("/campaigns/{id}", CampaignJson.class)
                .allowing(STAFF)
                .post("/campaigns/{id}/codes", ADD_CODES)
                .example(new AddCodes(List.of("SPRING26")))
                .allowing(STAFF)
                .post("/campaigns/{id}/activate", Activate.class, Campaign.AGGREGATE)
                .allowing(STAFF)
                .post("/campaigns/{id}/pause", Pause.class, Campaign.AGGREGATE)
                .allowing(STAFF)
                .get("/campaigns", CampaignsView.DEFINITION, CampaignRoutes::page)
                .allowing(STAFF)
                .checking(Campaign.Command.class, command -> Definition.faults(command).problems());
    }

    /// What is going to be refused, by the campaign or because one of the codes is taken, assigns
    /// no codes: nobody else could use them.
    private static Outcome<Campaign.Command> assigning(
            @Nullable List<@Nullable String> codes, Campaign.Command command, Context context) {
        Campaign campaign = context.state(Campaign.AGGREGATE, context.id());
        if (campaign.decide(command) instanceof Decision.Rejected<?>) {
            return new Outcome.Send<>(command);
        }
        AssignCode assign = new AssignCode(context.id());
        List<First<?>> first = new ArrayList<>();
        List<String> normal = Definition.normal(codes);
        for (String code : normal == null ? List.<String>of() : normal) {
            First<?> one = new First<>(CampaignCode.AGGREGATE, code, assign);
            CampaignCode known = context.state(CampaignCode.AGGREGATE, code);
            if (known.decide(assign) instanceof Decision.Rejected<?>) {
                return new Outcome.Send<>(command, List.of(one)); // which says why
            }
            first.add(one);
        }
        return new Outcome.Send<>(command, first);
    }

    /// A campaign as clients see it: what `PUT` takes, and what came of it.
    ///
    /// @param percent off; none when that is not its kind
    /// @param spent what it has taken off orders, by currency
    private record CampaignJson(
            String id,
            List<String> codes,
            String kind,
            @Nullable BigDecimal percent,
            @Nullable Money amount,
            @Nullable Integer buy,
            @Nullable Integer get,
            @Nullable Instant from,
            @Nullable Instant until,
            @Nullable Long maxUses,
            @Nullable Long maxUsesPerCustomer,
            @Nullable Money budget,
            @Nullable Money minSubtotal,
            List<String> skus,
            List<String> categories,
            boolean exclusive,
            boolean active,
            long reserved,
            long redeemed,
            List<Money> spent,
            Map<String, NextSteps.Step> actions,
            long revision) {

        static CampaignJson of(Versioned<Campaign> versioned) {
            Campaign campaign = versioned.state();
            Rules rules = Objects.requireNonNull(campaign.rules());
            boolean hasUnits = rules.kind() == Rules.Kind.BUY_X_GET_Y;
            return new CampaignJson(
                    versioned.id(),
                    campaign.codes(),
                    rules.kind().name(),
                    rules.kind() == Rules.Kind.PERCENTAGE ? rules.percent().inPercent() : null,
                    rules.amount(),
                    hasUnits ? rules.buy() : null,
                    hasUnits ? rules.get() : null,
                    rules.from(),
                    rules.until(),
                    rules.maxUses(),
                    rules.maxUsesPerCustomer(),
                    rules.budget(),
                    rules.minSubtotal(),
                    rules.skus(),
                    rules.categories(),
                    rules.exclusive(),
                    campaign.active(),
                    campaign.redemptions().reserved().size(),
                    campaign.redemptions().redeemed(),
                    campaign.redemptions().spent().entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(one -> Money.of(one.getValue(), one.getKey()))
                            .toList(),
                    steps(versioned.id(), campaign),
                    versioned.revision());
        }

        /// Both can be done again: then they change nothing.
        private static Map<String, NextSteps.Step> steps(String id, Campaign campaign) {
            return NextSteps.of("/campaigns/" + id)
                    .post("activate", campaign.decide(new Activate()))
                    .post("pause", campaign.decide(new Pause()))
                    .post("codes", campaign.decide(new AddCodes(List.of())))
                    .all();
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
                    Objects.requireNonNull(Rules.Kind.named(row.text("kind"))).name(),
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
