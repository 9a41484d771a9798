// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.gateway.NextSteps;
import dev.fakta.orders.order.Order.Refusal;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What may be done with an order next. The decider asks the same function, so that what is said to
/// be allowed is: a refusal that depends on the state alone stands here, one that depends on the
/// command in [OrderDecider] and its neighbours. Units of a shipment that is planned count as those
/// that can still be changed: whoever changes them has it pulled back first ([PullBack]).
final class Actions {

    private static final Set<String> OF_CUSTOMERS =
            Set.of(
                    "pay",
                    "cancel",
                    "cancel-lines",
                    "edit",
                    "apply",
                    "end-edit",
                    "address",
                    "returns");

    private Actions() {}

    /// Something to do with an order. Unless it says otherwise, its request is a `POST` to the name
    /// in lower case behind the order's path, as in `/orders/A-1/cancel-lines`.
    public enum Action {
        REJECT,
        NOTE("POST", "notes"),
        HOLD("PUT", "holds/{kind}"),
        RELEASE_HOLD("DELETE", "holds/{kind}"),
        PAY,
        CREDIT,
        RECORD_INVOICE_PAYMENT("POST", "invoice-payments"),
        CANCEL,
        CANCEL_LINES,
        PROPOSE_EDIT("PUT", "edit"),
        APPLY_EDIT("POST", "edit/apply"),
        DISCARD_EDIT("DELETE", "edit"),
        CHANGE_ADDRESS("PUT", "address"),
        /// No client asks for it: the order plans its shipments itself.
        PLAN_SHIPMENT("", ""),
        /// Asked of the shipment, which asks its order.
        DISPATCH("", ""),
        RETURN("POST", "returns"),
        SETTLE_ATTENTION;

        private final String method;
        private final String path;

        Action() {
            this.method = "POST";
            this.path = name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        Action(String method, String path) {
            this.method = method;
            this.path = path;
        }
    }

    /// What clients may do next with the order, as its answers say it.
    static Map<String, NextSteps.Step> steps(String id, Order order) {
        NextSteps steps = NextSteps.of("/orders/" + id);
        of(order)
                .forEach(
                        (action, refusal) -> {
                            if (!action.path.isEmpty()) {
                                steps.step(action.method, action.path, refusal.orElse(null));
                            }
                        });
        Map<String, NextSteps.Step> all = steps.all();
        all.put("propose-edit", all.get("edit")); // its name of before; goes with the old paths
        return all;
    }

    /// Those of the steps that the order's customer may do.
    static Map<String, NextSteps.Step> forCustomer(Map<String, NextSteps.Step> all) {
        Map<String, NextSteps.Step> own = new LinkedHashMap<>(all);
        own.keySet().retainAll(OF_CUSTOMERS);
        return own;
    }

    /// Every action, with the reason why it is refused if it is.
    static Map<Action, Optional<Refusal>> of(Order order) {
        Map<Action, Optional<Refusal>> all = new EnumMap<>(Action.class);
        for (Action action : Action.values()) {
            all.put(action, Optional.ofNullable(refusal(order, action)));
        }
        return all;
    }

    /// Why the order's state does not allow the action, if it does not.
    static @Nullable Refusal refusal(Order order, Action action) {
        return switch (action) {
            case NOTE -> null;
            case HOLD, PROPOSE_EDIT -> ended(order);
            case PAY ->
                    order.account().isOwed() ? null : otherwise(ended(order), Refusal.NOTHING_OWED);
            case CREDIT -> first(unpaid(order), order.due() == 0, Refusal.NOTHING_OWED);
            case RECORD_INVOICE_PAYMENT -> order.isOnInvoice() ? null : Refusal.NOT_ON_INVOICE;
            case RELEASE_HOLD -> first(ended(order), order.holds().isEmpty(), Refusal.NOTHING_HELD);
            case REJECT -> begun(order);
            case CANCEL -> first(ended(order), isShipped(order), Refusal.SOMETHING_SHIPPED);
            case CANCEL_LINES ->
                    first(
                            first(
                                    ended(order),
                                    !isOpen(order) && !isAllocated(order),
                                    Refusal.NOTHING_OPEN),
                            order.ledger().sum(Quantities::wanted) == 1,
                            Refusal.NOTHING_LEFT);
            case APPLY_EDIT -> edit(order);
            case DISCARD_EDIT ->
                    order.changes().proposal() == null ? Refusal.NO_EDIT : ended(order);
            case CHANGE_ADDRESS -> first(ended(order), isShipped(order), Refusal.SOMETHING_SHIPPED);
            case PLAN_SHIPMENT -> first(shipping(order), !isOpen(order), Refusal.NOTHING_OPEN);
            case DISPATCH -> first(shipping(order), !isAllocated(order), Refusal.SHIPMENT_UNKNOWN);
            case RETURN -> isReturnable(order) ? null : Refusal.NOTHING_TO_RETURN;
            case SETTLE_ATTENTION ->
                    order.attentions().isEmpty() ? Refusal.ATTENTION_UNKNOWN : null;
        };
    }

    /// Nothing more is changed in an order that is neither created nor confirmed.
    static @Nullable Refusal ended(Order order) {
        return switch (order.lifecycle()) {
            case CREATED, CONFIRMED -> null;
            case COMPLETED -> Refusal.ORDER_COMPLETED;
            case REJECTED -> Refusal.ORDER_REJECTED;
            case CANCELLING -> Refusal.ORDER_CANCELLING;
            case CANCELLED -> Refusal.ORDER_CANCELLED;
        };
    }

    private static @Nullable Refusal begun(Order order) {
        return order.progress().confirmed()
                ? otherwise(ended(order), Refusal.ORDER_CONFIRMED)
                : ended(order);
    }

    /// Something can be granted as long as the customer has to pay something, or has.
    private static @Nullable Refusal unpaid(Order order) {
        return switch (order.lifecycle()) {
            case CREATED, CONFIRMED, COMPLETED -> null;
            case REJECTED, CANCELLING, CANCELLED -> ended(order);
        };
    }

    private static @Nullable Refusal edit(Order order) {
        Edits.Proposal proposal = order.changes().proposal();
        if (proposal == null) {
            return Refusal.NO_EDIT;
        }
        Refusal refusal =
                first(
                        ended(order),
                        !order.ledger().haveNotLeft(proposal.fewer()),
                        Refusal.UNITS_NOT_OPEN);
        return first(refusal, !leavesSomething(order, proposal), Refusal.NOTHING_LEFT);
    }

    /// Whether the customer still gets something after the edit.
    static boolean leavesSomething(Order order, Edits.Proposal proposal) {
        long left = order.ledger().sum(Quantities::wanted);
        for (LineUnits fewer : proposal.fewer()) {
            left -= fewer.quantity();
        }
        return left > 0 || !proposal.more().isEmpty();
    }

    /// O4.
    private static @Nullable Refusal shipping(Order order) {
        Refusal refusal =
                first(ended(order), !order.progress().confirmed(), Refusal.ORDER_NOT_CONFIRMED);
        refusal = first(refusal, !order.holds().isEmpty(), Refusal.ORDER_HELD);
        return first(refusal, !order.isSecured(), Refusal.PAYMENT_NOT_AUTHORIZED);
    }

    private static boolean isOpen(Order order) {
        return order.ledger().sum(Quantities::open) > 0;
    }

    private static boolean isAllocated(Order order) {
        return order.ledger().sum(Quantities::allocated) > 0;
    }

    private static boolean isShipped(Order order) {
        return order.ledger().sum(Quantities::shipped) > 0;
    }

    private static boolean isReturnable(Order order) {
        UnitLedger ledger = order.units();
        for (int line = 0; line < ledger.lines().size(); line++) {
            if (ledger.returnable(line) > 0) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Refusal first(
            @Nullable Refusal earlier, boolean isRefused, Refusal refusal) {
        return earlier == null && isRefused ? refusal : earlier;
    }

    private static Refusal otherwise(@Nullable Refusal earlier, Refusal refusal) {
        return earlier == null ? refusal : earlier;
    }
}
