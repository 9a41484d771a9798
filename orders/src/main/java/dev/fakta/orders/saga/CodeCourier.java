// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.saga;

import dev.fakta.domain.Courier;
import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.First;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.domain.Processor.Problem;
import dev.fakta.domain.Processor.Read;
import dev.fakta.orders.campaign.Campaign;
import dev.fakta.orders.campaign.Campaign.Command.Use;
import dev.fakta.orders.campaign.Campaign.Event.RedemptionExpired;
import dev.fakta.orders.order.CodeFacts.Command.RecordCodes;
import dev.fakta.orders.order.CodeStanding;
import dev.fakta.orders.order.CodeUse;
import dev.fakta.orders.order.Order;
import dev.fakta.orders.order.Order.Attention.Topic;
import dev.fakta.orders.order.OrderCreated;
import dev.fakta.orders.order.Standing.Counterpart;
import dev.fakta.orders.saga.OrderCourier.Errand;
import java.util.ArrayList;
import java.util.List;

/// The courier between an order and the campaigns of its codes.
final class CodeCourier {

    static final String NAME = "code-courier";

    static final Processor<Errand, Order.Command> ERRAND =
            Processor.named("carry-codes")
                    .taking(Errand.class)
                    .sendingTo(Order.AGGREGATE)
                    .processing(CodeCourier::carry);

    static final Courier COURIER =
            OrderCourier.courier(NAME, Counterpart.CODES, Topic.CODES_REFUSED, ERRAND)
                    .on(
                            OrderCreated.class,
                            (created, at) -> created.codes().isEmpty() ? null : at.id())
                    .on(RedemptionExpired.class, (expired, _) -> expired.order());

    private CodeCourier() {}

    private static Outcome<Order.Command> carry(Errand errand, Context context) {
        Read<Order> read = context.read(Order.AGGREGATE, context.id());
        OrderCreated created = read.state().created();
        if (created == null) {
            return new Outcome.Refuse<>(List.of(new Problem("order", "is unknown")));
        }
        List<CodeUse> uses = read.state().codeUses();
        List<CodeUse> unheard = read.state().unansweredCodes();
        List<First<?>> wishes = new ArrayList<>();
        for (CodeUse use : uses) {
            if (unheard.contains(use) || standing(use, context).is() != use.wanted()) {
                wishes.add(wish(use, created.customerId(), read.revision(), context));
            }
        }
        return new Outcome.Exchange<>(wishes, after -> new RecordCodes(answers(uses, after)));
    }

    private static First<?> wish(CodeUse use, String customer, long revision, Context context) {
        return new First<>(
                Campaign.AGGREGATE,
                use.campaign(),
                new Use(
                        context.id(),
                        customer,
                        use.code(),
                        revision,
                        use.wanted(),
                        use.amount(),
                        use.until(),
                        context.now()));
    }

    private static Campaign.Standing standing(CodeUse use, Context context) {
        return context.state(Campaign.AGGREGATE, use.campaign()).standing(context.id(), use.code());
    }

    private static List<CodeStanding> answers(List<CodeUse> uses, Context after) {
        List<CodeStanding> answers = new ArrayList<>();
        for (CodeUse use : uses) {
            Campaign.Standing standing = standing(use, after);
            answers.add(
                    new CodeStanding(
                            use.code(), standing.revision(), standing.is(), standing.isRefused()));
        }
        return answers;
    }
}
