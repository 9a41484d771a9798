// SPDX-License-Identifier: Apache-2.0

/// The event log on PostgreSQL, for many nodes: [PostgresLog].
@NullMarked
package dev.fakta.postgres;

import org.jspecify.annotations.NullMarked;
