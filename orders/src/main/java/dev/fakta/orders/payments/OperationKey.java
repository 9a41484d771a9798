// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments;

import dev.fakta.orders.payments.Operation.Kind;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An operation of a payment, as its idempotency key ([Operation#key]) names it to the provider,
/// and the provider to us.
public record OperationKey(String payment, Kind kind, int number) {

    private static final Pattern FORM =
            Pattern.compile("(.{1,100})-(authorization|capture|void|refund)-([1-9][0-9]{0,8})");

    /// Reads a key; empty when it is none.
    public static Optional<OperationKey> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(
                        new OperationKey(
                                parts.group(1),
                                Kind.valueOf(parts.group(2).toUpperCase(Locale.ROOT)),
                                Integer.parseInt(parts.group(3))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return payment + "-" + kind.name().toLowerCase(Locale.ROOT) + "-" + number;
    }
}
