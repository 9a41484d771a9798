// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import dev.fakta.orders.order.Order.Attention.Topic;

/// What helps with a task.
///
/// @param says it in a sentence
/// @param method and `href`: the request that ends the task, or shows more where none does
record TaskHelp(String says, String method, String href) {

    private static final String POST = "POST";
    private static final String GET = "GET";

    static TaskHelp of(TaskKind kind, String subject, String what) {
        String href = kind.href(subject);
        return switch (kind) {
            case HOLD -> hold(href, what);
            case ATTENTION -> attention(href, topic(what));
            case STALLED ->
                    settle("See what its sagas and its payment are at, then settle it.", href);
            case RETURN -> ofReturn(href, what);
            case PAYMENT -> payment(href, what);
            case DISPUTE -> new TaskHelp("Answer the bank; its decision ends the task.", GET, href);
            case SAGA ->
                    new TaskHelp(
                            "Retry it after a fix, skip what was settled otherwise, or compensate.",
                            POST,
                            TaskKind.SAGA.href(what + "/" + subject) + "/retry");
            case WEBHOOK ->
                    new TaskHelp(
                            "See that its receiver takes messages, then have it go on: nothing is lost.",
                            POST,
                            href + "/resume");
        };
    }

    private static TaskHelp hold(String href, String kind) {
        String says =
                kind.equals("PAYMENT_RISK")
                        ? "Have the customer give another card, or release it: the card is tried once more."
                        : "Look at the order, then release the hold or cancel the order.";
        return new TaskHelp(says, "DELETE", href + "/holds/" + kind);
    }

    private static TaskHelp attention(String href, Topic topic) {
        String says = attention(topic);
        return topic == Topic.INVOICE_OVERPAID
                ? new TaskHelp(says, POST, href + "/invoice-payments")
                : settle(says, href);
    }

    private static TaskHelp settle(String says, String href) {
        return new TaskHelp(says, POST, href + "/settle-attention");
    }

    private static Topic topic(String what) {
        int space = what.indexOf(' ');
        return Topic.valueOf(space < 0 ? what : what.substring(0, space));
    }

    private static String attention(Topic topic) {
        return switch (topic) {
            case DISPATCHED_AFTER_CANCELLATION ->
                    "Stop the parcel or ask for the goods back, then settle it.";
            case DELIVERED_AFTER_LOSS ->
                    "Agree with the customer who has the goods after all, then settle it.";
            case NOT_DISPATCHED_IN_TIME ->
                    "Ask the warehouse: the task ends when the shipment leaves or is cancelled.";
            case STOCK_REFUSED, CODES_REFUSED, SHIPPING_REFUSED, PAYMENT_REFUSED ->
                    "Mend what was refused, then settle it.";
            case REFUND_FAILED -> "Ask the provider again, POST /payments/ID/retry, or settle it.";
            case INVOICE_OVERPAID ->
                    "Transfer what is too much, then record it with a negative amount.";
            case STALLED -> "See that the order goes on, then settle it.";
        };
    }

    private static TaskHelp ofReturn(String href, String what) {
        return switch (what) {
            case "APPROVE" -> new TaskHelp("Approve or reject it.", POST, href + "/approve");
            case "INSPECT" ->
                    new TaskHelp("Say what of it is sold again.", POST, href + "/inspect");
            default -> new TaskHelp("Close it, which refunds it.", POST, href + "/close");
        };
    }

    private static TaskHelp payment(String href, String what) {
        if (what.contains("_FAILED")) {
            return new TaskHelp("Have the provider asked again.", POST, href + "/retry");
        }
        return what.contains("_UNANSWERED")
                ? new TaskHelp(
                        "Look it up at the provider, which is asked for it again and again.",
                        GET,
                        href)
                : new TaskHelp(
                        "Ask the customer for the money, or write it off; then say how it was settled.",
                        POST,
                        href + "/settle");
    }
}
