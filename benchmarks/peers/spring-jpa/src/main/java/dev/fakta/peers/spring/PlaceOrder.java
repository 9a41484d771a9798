// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.spring;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import java.util.List;

/// The request of `POST /orders`.
record PlaceOrder(
        @NotBlank String customerId,
        @NotNull @Email String email,
        @NotNull @Pattern(regexp = "[A-Z]{3}") String currency,
        @NotEmpty List<@Valid Line> lines,
        @NotNull @Valid Shipping shipping,
        @NotNull @Valid Payment payment) {

    record Line(@NotBlank String sku, @Positive int quantity) {}

    record Shipping(@NotBlank String method, @NotNull @Valid Address address) {}

    record Address(
            @NotBlank String name,
            @NotBlank String line1,
            @NotBlank String city,
            @NotBlank String postalCode,
            @NotNull @Pattern(regexp = "[A-Z]{2}") String country) {}

    record Payment(@NotBlank String method, @NotBlank String token) {}
}
