// SPDX-License-Identifier: Apache-2.0

/// What is sold: names, prices per currency, tax categories.
@NullMarked
package dev.fakta.orders.catalog;

import org.jspecify.annotations.NullMarked;
