// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.Locale;

/// What a caller is to the system. A route says which of them it is for; see [Routes#allowing].
public enum CallerRole {
    /// Buys: sees and changes what is its own.
    CUSTOMER,
    /// Works for the shop: sees and changes what is anybody's.
    STAFF,
    /// Brings in what happened elsewhere, and may say when it happened and at what price.
    IMPORTER,
    /// Keeps the system running: metrics, events, sagas.
    OPERATOR,
    /// May do everything, and decides who else may do what.
    ADMIN;

    /// What it permits, as [dev.fakta.domain.Processor.Context#permits] asks for it.
    String permission() {
        return this == IMPORTER ? ServeOptions.IMPORT : name().toLowerCase(Locale.ROOT);
    }
}
