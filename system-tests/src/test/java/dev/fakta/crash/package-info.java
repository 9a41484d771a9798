// SPDX-License-Identifier: Apache-2.0

/// The order management microsystem as a process that is killed, stopped and starved of disk.
@NullMarked
package dev.fakta.crash;

import org.jspecify.annotations.NullMarked;
