// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Processor.Context;
import dev.fakta.orders.order.PlaceOrder.Destination;
import dev.fakta.orders.order.PlaceOrder.Shipping;
import dev.fakta.orders.pricing.ShippingRates;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks how and where a request wants its order shipped.
final class DeliveryCheck {

    static final int LONGEST_NAME = 200;
    static final int LONGEST_CITY = 100;
    static final int LONGEST_POSTAL_CODE = 20;
    private static final int LONGEST_METHOD = 40;
    private static final Address NOWHERE = new Address("", "", null, "", null, "", "");

    /// The countries that have no postal codes, or none that anybody needs.
    private static final Set<String> WITHOUT_POSTAL_CODES =
            Set.of(
                    "AE", "AG", "AO", "AW", "BF", "BI", "BJ", "BO", "BS", "BW", "BZ", "CD", "CF",
                    "CG", "CI", "CM", "DJ", "DM", "FJ", "GA", "GD", "GH", "GM", "GQ", "GY", "HK",
                    "IE", "JM", "KI", "KM", "KP", "LY", "ML", "MO", "MR", "MW", "NR", "PA", "QA",
                    "RW", "SB", "SC", "SL", "SR", "ST", "SY", "TD", "TG", "TL", "TO", "TV", "UG",
                    "VU", "WS", "YE", "ZW");

    private final Context context;
    private final Problems problems;

    DeliveryCheck(Context context, Problems problems) {
        this.context = context;
        this.problems = problems;
    }

    String method(@Nullable Shipping shipping) {
        if (shipping == null) {
            problems.add("shipping", Problems.MISSING);
            return "";
        }
        String method = problems.required("shipping.method", shipping.method(), LONGEST_METHOD);
        if (!method.isEmpty() && !ShippingRates.knowsMethod(method)) {
            problems.add("shipping.method", "is unknown");
        }
        return method;
    }

    Address address(@Nullable Shipping shipping) {
        if (shipping == null) {
            return NOWHERE;
        }
        return address("shipping.address", shipping.address());
    }

    /// @param field where it stands in the request
    Address address(String field, @Nullable Destination to) {
        if (to == null) {
            problems.add(field, Problems.MISSING);
            return NOWHERE;
        }
        String country = country(field + ".country", to.country());
        return new Address(
                problems.required(field + ".name", to.name(), LONGEST_NAME),
                problems.required(field + ".line1", to.line1(), LONGEST_NAME),
                problems.optional(field + ".line2", to.line2(), LONGEST_NAME),
                problems.required(field + ".city", to.city(), LONGEST_CITY),
                region(field + ".region", to.region(), country),
                postalCode(field + ".postalCode", to.postalCode(), country),
                country);
    }

    private String country(String field, @Nullable String given) {
        String country = problems.required(field, given, 2).toUpperCase(Locale.ROOT);
        if (!country.isEmpty() && !ShippingRates.knowsCountry(country)) {
            problems.add(field, "is no country of ISO 3166, as DE is");
        }
        return country;
    }

    /// Where taxes differ by region, what a customer wrote has to be one of them: its code.
    private @Nullable String region(String field, @Nullable String given, String country) {
        String region = problems.optional(field, given, LONGEST_CITY);
        if (region == null || region.isEmpty() || !Regions.areKnown(country)) {
            return region;
        }
        String code = Regions.code(country, region);
        if (code == null) {
            problems.add(
                    field,
                    "is no region of %s, neither by its name nor by its code".formatted(country));
        }
        return code;
    }

    /// Old orders that are imported may lack one.
    private String postalCode(String field, @Nullable String given, String country) {
        if (!WITHOUT_POSTAL_CODES.contains(country)
                && !context.permits(PlaceOrderProcessor.IMPORT)) {
            return problems.required(field, given, LONGEST_POSTAL_CODE);
        }
        String code = problems.optional(field, given, LONGEST_POSTAL_CODE);
        return code == null ? "" : code;
    }
}
