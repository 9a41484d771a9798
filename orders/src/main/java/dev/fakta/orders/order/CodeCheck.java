// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Processor.Context;
import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.campaign.CampaignCode;
import dev.fakta.orders.campaign.Rules;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.pricing.Cart.Deal;
import dev.fakta.orders.pricing.Cart.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks the campaign codes of a request: whether each is known and valid at the time of the
/// order, and whether this order may use them together. How often a code may be used is not for a
/// stateless check to enforce; that is a reservation's.
final class CodeCheck {

    static final int MOST_CODES = 20;

    private final Context context;
    private final Problems problems;
    private final Instant time;
    private final @Nullable Currency currency;

    CodeCheck(Context context, Problems problems, Instant time, @Nullable Currency currency) {
        this.context = context;
        this.problems = problems;
        this.time = time;
        this.currency = currency;
    }

    /// One deal per code; fewer when there is a problem with a code.
    List<Deal> deals(@Nullable List<@Nullable String> codes, List<Item> items) {
        if (codes == null || codes.isEmpty()) {
            return List.of();
        }
        if (codes.size() > MOST_CODES) {
            problems.add("campaignCodes", "are more than " + MOST_CODES);
            return List.of();
        }
        boolean linesAreGood = problems.areNone() && !items.isEmpty();
        List<Deal> deals = new ArrayList<>(codes.size());
        for (int index = 0; index < codes.size(); index++) {
            Deal deal = deal(index, codes.get(index));
            if (deal != null && isFirst(index, deal, deals)) {
                deals.add(deal);
                checkFit(index, deal.rules(), codes.size(), linesAreGood ? items : List.of());
            }
        }
        return deals;
    }

    private @Nullable Deal deal(int index, @Nullable String given) {
        if (given == null || given.isBlank()) {
            add(index, Problems.MISSING);
            return null;
        }
        String code = CampaignCode.normal(given);
        String campaignId =
                code == null ? null : context.state(CampaignCode.AGGREGATE, code).campaignId();
        if (code == null || campaignId == null) {
            add(index, "is unknown");
            return null;
        }
        Campaign campaign = context.state(Campaign.AGGREGATE, campaignId);
        Rules rules = campaign.rules();
        if (rules == null || !campaign.codes().contains(code)) {
            add(index, "is unknown");
            return null;
        }
        String reason = whyNotNow(campaign, rules);
        if (reason != null) {
            add(index, reason);
        }
        return new Deal(code, campaignId, rules);
    }

    private @Nullable String whyNotNow(Campaign campaign, Rules rules) {
        if (!campaign.active()) {
            return "is paused";
        }
        if (rules.from() != null && time.isBefore(rules.from())) {
            return "is not valid yet";
        }
        if (rules.until() != null && !time.isBefore(rules.until())) {
            return "has expired";
        }
        return null;
    }

    private boolean isFirst(int index, Deal deal, List<Deal> earlier) {
        for (Deal other : earlier) {
            if (other.code().equals(deal.code())) {
                add(index, "is given twice");
                return false;
            }
            if (other.campaignId().equals(deal.campaignId())) {
                add(index, "is for the same campaign as " + other.code());
                return false;
            }
        }
        return true;
    }

    /// Whether this order may use it.
    ///
    /// @param items none when the lines are not known well enough to judge by them
    private void checkFit(int index, Rules rules, int codes, List<Item> items) {
        if (rules.exclusive() && codes > 1) {
            add(index, "cannot be combined with other codes");
        }
        checkCurrency(index, rules.amount());
        checkCurrency(index, rules.minSubtotal());
        checkCurrency(index, rules.budget());
        if (!items.isEmpty()) {
            checkSubtotal(index, rules.minSubtotal(), items);
            checkUnits(index, rules, items);
        }
    }

    private void checkCurrency(int index, @Nullable Money amount) {
        if (amount != null && currency != null && amount.currency() != currency) {
            add(index, "is for orders in " + amount.currency());
        }
    }

    private void checkSubtotal(int index, @Nullable Money least, List<Item> items) {
        if (least == null || least.currency() != currency) {
            return;
        }
        long subtotal = 0;
        for (Item item : items) {
            subtotal += item.unitPrice().minor() * item.quantity();
        }
        if (subtotal < least.minor()) {
            add(index, "needs a subtotal of " + least);
        }
    }

    private void checkUnits(int index, Rules rules, List<Item> items) {
        long units = 0;
        for (Item item : items) {
            units += rules.covers(item.sku(), item.categories()) ? item.quantity() : 0;
        }
        if (units == 0) {
            add(index, "is for products that this order does not have");
        } else if (units < rules.buy() + rules.get()) {
            add(index, "needs %d units that take part".formatted(rules.buy() + rules.get()));
        }
    }

    private void add(int index, String reason) {
        problems.add("campaignCodes[" + index + "]", reason);
    }
}
