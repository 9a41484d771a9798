// SPDX-License-Identifier: Apache-2.0

/// What tests of applications and of the kit itself are written with.
@NullMarked
package dev.fakta.testkit;

import org.jspecify.annotations.NullMarked;
