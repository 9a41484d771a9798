// SPDX-License-Identifier: Apache-2.0

/// A whole slice of an application, as small as the kit lets it be: [GiftCard] is the aggregate,
/// [GiftCards] the rest.
@NullMarked
package dev.fakta.example;

import org.jspecify.annotations.NullMarked;
