// SPDX-License-Identifier: Apache-2.0

/// The script at the repository's root, run as a process.
@NullMarked
package dev.fakta.script;

import org.jspecify.annotations.NullMarked;
