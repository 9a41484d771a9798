// SPDX-License-Identifier: Apache-2.0

/// Measurements, each beside its baseline in the same run; never published.
///
/// [Main] is `./fakta bench`. A [Benchmark] returns [Figure]s, [Table] shows them. A server under
/// test runs in its own JVM ([ChildJvm]); [LoadGenerator] puts load on it from one thread.
@NullMarked
package dev.fakta.benchmarks;

import org.jspecify.annotations.NullMarked;
