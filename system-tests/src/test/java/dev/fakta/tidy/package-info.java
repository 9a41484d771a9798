// SPDX-License-Identifier: Apache-2.0

/// The house rules that a compiler does not know, as tests.
///
/// `ArrowsTest` holds the arrows between modules, on compiled classes. `TidyTest` holds the rest,
/// on the repository's text: each [Rule] is a pure function from a [Tree] of files to [Finding]s,
/// and each has a test with a planted fault. Exceptions stand in `tidy-allowed.txt`, with a reason.
@NullMarked
package dev.fakta.tidy;

import org.jspecify.annotations.NullMarked;
