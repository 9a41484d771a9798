// SPDX-License-Identifier: Apache-2.0

/// The order management microsystem: one package per aggregate, put together in
/// [OrdersMicrosystem].
@NullMarked
package dev.fakta.orders;

import org.jspecify.annotations.NullMarked;
