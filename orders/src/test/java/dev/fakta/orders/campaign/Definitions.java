// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.campaign;

import dev.fakta.orders.campaign.Campaign.Command.DefineCampaign;
import dev.fakta.orders.money.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Definitions of campaigns for tests: a kind, and then only what the test is about.
public record Definitions(DefineCampaign command) {

    public static Definitions of(@Nullable String kind) {
        return new Definitions(
                new DefineCampaign(
                        null, kind, null, null, null, null, null, null, null, null, null, null,
                        null, null, null, null));
    }

    public static Definitions percentage(String percent) {
        DefineCampaign c = of("percentage").command;
        return new Definitions(
                new DefineCampaign(
                        c.codes(),
                        c.kind(),
                        new BigDecimal(percent),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    public static Definitions amount(String kind, Money amount) {
        return new Definitions(
                new DefineCampaign(
                        null, kind, null, amount, null, null, null, null, null, null, null, null,
                        null, null, null, null));
    }

    public static Definitions units(int buy, int get) {
        return new Definitions(
                new DefineCampaign(
                        null,
                        "buy-x-get-y",
                        null,
                        null,
                        buy,
                        get,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    public Definitions codes(@Nullable String... codes) {
        DefineCampaign c = command;
        return new Definitions(
                new DefineCampaign(
                        Arrays.asList(codes),
                        c.kind(),
                        c.percent(),
                        c.amount(),
                        c.buy(),
                        c.get(),
                        c.from(),
                        c.until(),
                        c.maxUses(),
                        c.maxUsesPerCustomer(),
                        c.budget(),
                        c.minSubtotal(),
                        c.skus(),
                        c.categories(),
                        c.exclusive(),
                        c.active()));
    }

    public Definitions window(@Nullable Instant from, @Nullable Instant until) {
        DefineCampaign c = command;
        return new Definitions(
                new DefineCampaign(
                        c.codes(),
                        c.kind(),
                        c.percent(),
                        c.amount(),
                        c.buy(),
                        c.get(),
                        from,
                        until,
                        c.maxUses(),
                        c.maxUsesPerCustomer(),
                        c.budget(),
                        c.minSubtotal(),
                        c.skus(),
                        c.categories(),
                        c.exclusive(),
                        c.active()));
    }

    public Definitions uses(@Nullable Long all, @Nullable Long perCustomer) {
        DefineCampaign c = command;
        return new Definitions(
                new DefineCampaign(
                        c.codes(),
                        c.kind(),
                        c.percent(),
                        c.amount(),
                        c.buy(),
                        c.get(),
                        c.from(),
                        c.until(),
                        all,
                        perCustomer,
                        c.budget(),
                        c.minSubtotal(),
                        c.skus(),
                        c.categories(),
                        c.exclusive(),
                        c.active()));
    }

    public Definitions minSubtotal(Money least) {
        DefineCampaign c = command;
        return new Definitions(
                new DefineCampaign(
                        c.codes(),
                        c.kind(),
                        c.percent(),
                        c.amount(),
                        c.buy(),
                        c.get(),
                        c.from(),
                        c.until(),
                        c.maxUses(),
                        c.maxUsesPerCustomer(),
                        c.budget(),
                        least,
                        c.skus(),
                        c.categories(),
                        c.exclusive(),
                        c.active()));
    }

    public Definitions only(List<@Nullable String> skus, List<@Nullable String> categories) {
        DefineCampaign c = command;
        return new Definitions(
                new DefineCampaign(
                        c.codes(),
                        c.kind(),
                        c.percent(),
                        c.amount(),
                        c.buy(),
                        c.get(),
                        c.from(),
                        c.until(),
                        c.maxUses(),
                        c.maxUsesPerCustomer(),
                        c.budget(),
                        c.minSubtotal(),
                        skus,
                        categories,
                        c.exclusive(),
                        c.active()));
    }

    public Definitions budget(Money budget) {
        DefineCampaign c = command;
        return new Definitions(
                new DefineCampaign(
                        c.codes(),
                        c.kind(),
                        c.percent(),
                        c.amount(),
                        c.buy(),
                        c.get(),
                        c.from(),
                        c.until(),
                        c.maxUses(),
                        c.maxUsesPerCustomer(),
                        budget,
                        c.minSubtotal(),
                        c.skus(),
                        c.categories(),
                        c.exclusive(),
                        c.active()));
    }

    public Definitions exclusive() {
        DefineCampaign c = command;
        return new Definitions(
                new DefineCampaign(
                        c.codes(),
                        c.kind(),
                        c.percent(),
                        c.amount(),
                        c.buy(),
                        c.get(),
                        c.from(),
                        c.until(),
                        c.maxUses(),
                        c.maxUsesPerCustomer(),
                        c.budget(),
                        c.minSubtotal(),
                        c.skus(),
                        c.categories(),
                        true,
                        c.active()));
    }

    public Rules rules() {
        Definition definition = new Definition(command);
        if (definition.fault() != null) {
            throw new IllegalArgumentException(definition.fault().detail());
        }
        return definition.rules();
    }

    /// The event of a campaign that is active.
    public Campaign.Event.CampaignDefined defined() {
        return new Campaign.Event.CampaignDefined(rules(), new Definition(command).codes(), true);
    }
}
