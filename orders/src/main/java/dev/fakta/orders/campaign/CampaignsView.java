// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.orders.campaign.Campaign.Command.Use.Wanted;
import dev.fakta.orders.campaign.Campaign.Event.CampaignActivated;
import dev.fakta.orders.campaign.Campaign.Event.CampaignCodesAdded;
import dev.fakta.orders.campaign.Campaign.Event.CampaignDefined;
import dev.fakta.orders.campaign.Campaign.Event.CampaignPaused;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionExpired;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionSettled;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One row per campaign, one per code. Times are in milliseconds since 1970.
public final class CampaignsView {

    public static final View DEFINITION =
            View.named("campaigns")
                    .version(3)
                    .table(
                            """
                            create table campaign (
                                id text primary key,
                                kind text not null,
                                active integer not null,
                                exclusive integer not null,
                                from_millis bigint,
                                until_millis bigint,
                                max_uses bigint,
                                max_uses_per_customer bigint,
                                reserved bigint not null,
                                redeemed bigint not null,
                                revision bigint not null)""")
                    .table(
                            """
                            create table campaign_code (
                                campaign_id text not null,
                                code text not null,
                                primary key (campaign_id, code))""")
                    .on(CampaignDefined.class, CampaignsView::define)
                    .on(CampaignActivated.class, (_, at, sql) -> activate(1, at, sql))
                    .on(CampaignPaused.class, (_, at, sql) -> activate(0, at, sql))
                    .on(CampaignCodesAdded.class, CampaignsView::addCodes)
                    .on(RedemptionExpired.class, (_, at, sql) -> use(-1, 0, at, sql))
                    .on(RedemptionSettled.class, CampaignsView::settle);

    private CampaignsView() {}

    private static void define(CampaignDefined e, At at, Sql sql) {
        Rules rules = e.rules();
        sql.run("delete from campaign_code where campaign_id = ?", at.id());
        sql.run(
                "insert into campaign (id, kind, active, exclusive, from_millis, until_millis,"
                        + " max_uses, max_uses_per_customer, reserved, redeemed, revision)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)"
                        + " on conflict (id) do update set kind = excluded.kind,"
                        + " active = excluded.active, exclusive = excluded.exclusive,"
                        + " from_millis = excluded.from_millis,"
                        + " until_millis = excluded.until_millis, max_uses = excluded.max_uses,"
                        + " max_uses_per_customer = excluded.max_uses_per_customer,"
                        + " revision = excluded.revision",
                at.id(),
                rules.kind().toString(),
                e.active() ? 1 : 0,
                rules.exclusive() ? 1 : 0,
                millis(rules.from()),
                millis(rules.until()),
                rules.maxUses(),
                rules.maxUsesPerCustomer(),
                at.revision());
        insertCodes(e.codes(), at, sql);
    }

    private static void addCodes(CampaignCodesAdded e, At at, Sql sql) {
        insertCodes(e.codes(), at, sql);
        sql.run("update campaign set revision = ? where id = ?", at.revision(), at.id());
    }

    private static void insertCodes(List<String> codes, At at, Sql sql) {
        for (String code : codes) {
            sql.run("insert into campaign_code (campaign_id, code) values (?, ?)", at.id(), code);
        }
    }

    /// Changes the counts of uses.
    private static void use(int reserved, int redeemed, At at, Sql sql) {
        sql.run(
                "update campaign set reserved = reserved + ?, redeemed = redeemed + ?,"
                        + " revision = ? where id = ?",
                reserved,
                redeemed,
                at.revision(),
                at.id());
    }

    private static void settle(RedemptionSettled e, At at, Sql sql) {
        use(change(e, Wanted.SET_ASIDE), change(e, Wanted.REDEEMED), at, sql);
    }

    /// By how much the number of uses of this kind has changed.
    private static int change(RedemptionSettled e, Wanted kind) {
        return (e.is() == kind ? 1 : 0) - (e.was() == kind ? 1 : 0);
    }

    private static void activate(int active, At at, Sql sql) {
        sql.run(
                "update campaign set active = ?, revision = ? where id = ?",
                active,
                at.revision(),
                at.id());
    }

    private static @Nullable Long millis(@Nullable Instant time) {
        return time == null ? null : time.toEpochMilli();
    }
}
