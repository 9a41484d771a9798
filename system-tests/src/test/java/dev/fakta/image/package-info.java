// SPDX-License-Identifier: Apache-2.0

/// The container image that `./fakta image` makes, without a container engine.
@NullMarked
package dev.fakta.image;

import org.jspecify.annotations.NullMarked;
