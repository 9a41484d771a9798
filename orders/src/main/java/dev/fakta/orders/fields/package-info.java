// SPDX-License-Identifier: Apache-2.0

/// What is wrong with the fields of commands, all of it at once.
@NullMarked
package dev.fakta.orders.fields;

import org.jspecify.annotations.NullMarked;
