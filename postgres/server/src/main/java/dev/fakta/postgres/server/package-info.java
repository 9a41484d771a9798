// SPDX-License-Identifier: Apache-2.0

/// A real PostgreSQL on this machine without installing one: for trying things out and for tests.
@NullMarked
package dev.fakta.postgres.server;

import org.jspecify.annotations.NullMarked;
