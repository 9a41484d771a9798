// SPDX-License-Identifier: Apache-2.0

/// The views that a node runs, and no API.
///
/// A [ViewRunner] reads the log and hands what it reads to a [ViewApplier], which writes through a
/// [ViewWriter] into a [ViewStore]: files of SQLite, or a PostgreSQL that all nodes share.
/// [ViewHost] says which views run here, and answers queries.
@NullMarked
package dev.fakta.runtime.views;

import org.jspecify.annotations.NullMarked;
