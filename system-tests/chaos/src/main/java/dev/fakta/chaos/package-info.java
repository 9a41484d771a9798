// SPDX-License-Identifier: Apache-2.0
/// Breaks a cluster of real processes on purpose, while clients use it, and checks the history of
/// all their calls against what is promised. `./fakta chaos` is the way in, [Storm] the place to
/// start to read.
@NullMarked
package dev.fakta.chaos;

import org.jspecify.annotations.NullMarked;
