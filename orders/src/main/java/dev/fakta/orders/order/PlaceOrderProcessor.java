// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Processor;
import dev.fakta.domain.Processor.Context;
import dev.fakta.domain.Processor.Outcome;
import dev.fakta.orders.money.Money;
import dev.fakta.orders.order.OrderCreated.Code;
import dev.fakta.orders.pricing.Cart;
import dev.fakta.orders.pricing.Cart.Deal;
import dev.fakta.orders.pricing.Cart.Item;
import dev.fakta.orders.pricing.Pricing;
import dev.fakta.orders.pricing.Quote;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Checks a [PlaceOrder] request, prices it and sends [Order.Command.CreateOrder]. A request that
/// is refused hears everything that is wrong with it at once.
public final class PlaceOrderProcessor {

    /// The permission without which `unitPrice` and `placedAt` are refused.
    public static final String IMPORT = "import";

    private static final int LONGEST_ID = 100;

    /// How long stock is kept for an order at first.
    private static final Duration STOCK_KEPT = Duration.ofMinutes(15);

    /// How long somebody may take to look at an order; its stock is kept for as long.

    private final PlaceOrder request;

    private final Context context;
    private final OrderRules rules;
    private final TokenSeal seal;
    private final CreditBalance credit;
    private final Problems problems = new Problems();

    private PlaceOrderProcessor(
            PlaceOrder request,
            Context context,
            OrderRules rules,
            TokenSeal seal,
            CreditBalance credit) {
        this.request = request;
        this.context = context;
        this.rules = rules;
        this.seal = seal;
        this.credit = credit;
    }

    /// The processor of these requests.
    ///
    /// @param rules what the shop decides about all of its orders
    /// @param seal what the token of the card is sealed with, before any command is made
    /// @param credit what is asked when nothing but store credit is to pay
    public static Processor<PlaceOrder, Order.Command> of(
            OrderRules rules, TokenSeal seal, CreditBalance credit) {
        return Processor.named("place-order")
                .taking(PlaceOrder.class)
                .sendingTo(Order.AGGREGATE)
                .processing(
                        (request, context) ->
                                new PlaceOrderProcessor(request, context, rules, seal, credit)
                                        .process());
    }

    private Outcome<Order.Command> process() {
        String customerId = problems.required("customerId", request.customerId(), LONGEST_ID);
        String email = email();
        Currency currency = currency();
        Instant placedAt = placedAt();
        List<Item> items =
                new LineCheck(context, problems, "lines").items(request.lines(), currency);
        DeliveryCheck delivery = new DeliveryCheck(context, problems);
        String method = delivery.method(request.shipping());
        Address address = delivery.address(request.shipping());
        OrderCreated.Payment payment =
                new PaymentCheck(seal, context.id(), problems).of(request.payment(), customerId);
        List<Deal> deals =
                new CodeCheck(context, problems, placedAt, currency)
                        .deals(request.campaignCodes(), items);
        if (!problems.areNone() || currency == null) {
            return new Outcome.Refuse<>(problems.found());
        }
        Cart cart =
                new Cart(
                        currency, items, deals, address.country(), upper(address.region()), method);
        Quote quote = Pricing.price(cart);
        checkCredit(payment, customerId, quote.totals().grand());
        if (!problems.areNone()) {
            return new Outcome.Refuse<>(problems.found());
        }
        boolean isReviewed = rules.risk().isIn(quote.totals().grand());
        return new Outcome.Send<>(
                new Order.Command.CreateOrder(
                        new OrderCreated(
                                OrderNumber.of(context.id()),
                                customerId,
                                email,
                                currency,
                                placedAt,
                                quote.lines(),
                                quote.shipping(),
                                address,
                                quote.totals(),
                                quote.pricesIncludeTax(),
                                quote.rounding(),
                                codes(deals),
                                payment,
                                context.now().plus(isReviewed ? Review.WINDOW : STOCK_KEPT),
                                isReviewed ? Boolean.TRUE : null,
                                rules.sourcing().of(items, address.country(), context))));
    }

    /// An order that no card pays the rest of would only be declined. Other orders may still be
    /// quicker: what is there when the order asks for it counts.
    private void checkCredit(OrderCreated.Payment payment, String customerId, Money total) {
        if (!payment.method().equals(PaymentCheck.STORE_CREDIT) || payment.token() != null) {
            return;
        }
        Money available = credit.available(context, customerId);
        boolean isEnough =
                available != null
                        && available.currency() == total.currency()
                        && !total.exceeds(available);
        if (!isEnough && total.signum() > 0) {
            problems.add(
                    "payment.method",
                    "does not suffice: the customer has %s store credit, the order costs %s"
                            .formatted(available == null ? "no" : available + " of", total));
        }
    }

    private String email() {
        String email = problems.required("email", request.email(), EmailAddress.LONGEST);
        if (!email.isEmpty() && !EmailAddress.isPlausible(email)) {
            problems.add("email", "is no e-mail address");
        }
        return email;
    }

    private @Nullable Currency currency() {
        String code = problems.required("currency", request.currency(), 3);
        if (code.isEmpty()) {
            return null;
        }
        try {
            Currency currency = Currency.getInstance(code);
            if (currency.getDefaultFractionDigits() >= 0) { // gold and test codes have none
                return currency;
            }
        } catch (IllegalArgumentException notInIso4217) {
            // said below
        }
        problems.add("currency", "is no currency of ISO 4217, as EUR is");
        return null;
    }

    /// The request's time as long as nothing better is known.
    private Instant placedAt() {
        Instant now = context.now().truncatedTo(ChronoUnit.MILLIS);
        String text = request.placedAt();
        if (text == null) {
            return now;
        }
        if (!context.permits(IMPORT)) {
            problems.add("placedAt", LineCheck.NEEDS_PERMISSION);
            return now;
        }
        try {
            Instant placedAt = Instant.parse(text).truncatedTo(ChronoUnit.MILLIS);
            if (placedAt.isBefore(Instant.EPOCH) || placedAt.isAfter(now)) {
                problems.add("placedAt", "lies before 1970 or in the future");
                return now;
            }
            return placedAt;
        } catch (DateTimeException unreadable) {
            problems.add("placedAt", "is no time of ISO 8601, as 2026-07-01T12:00:00Z is");
            return now;
        }
    }

    private static @Nullable String upper(@Nullable String text) {
        return text == null ? null : text.toUpperCase(Locale.ROOT);
    }

    private static List<Code> codes(List<Deal> deals) {
        List<Code> codes = new ArrayList<>(deals.size());
        for (Deal deal : deals) {
            codes.add(new Code(deal.code(), deal.campaignId()));
        }
        return codes;
    }
}
