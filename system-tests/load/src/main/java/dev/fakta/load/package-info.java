// SPDX-License-Identifier: Apache-2.0

/// The FoodMart data set as orders to place, and the audit of a log after any run: from the facts
/// alone, does every invariant of the order domain hold? Each [Rule] is one of them.
@NullMarked
package dev.fakta.load;

import org.jspecify.annotations.NullMarked;
