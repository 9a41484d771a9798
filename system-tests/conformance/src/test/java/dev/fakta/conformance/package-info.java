// SPDX-License-Identifier: Apache-2.0
/// The contract of a log that the testkit has, kept by the logs on PostgreSQL.
@NullMarked
package dev.fakta.conformance;

import org.jspecify.annotations.NullMarked;
