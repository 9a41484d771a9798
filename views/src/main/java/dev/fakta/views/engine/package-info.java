// SPDX-License-Identifier: Apache-2.0

/// What runs the views of a node, and no API.
///
/// A [ViewRunner] reads the log and hands what it reads to a [ViewApplier], which writes through a
/// [ViewWriter] into a [ViewStore]: files of SQLite, or a PostgreSQL that all nodes share.
/// [ViewHost] says which views run here, and answers queries; [ViewParts] is what it needs of its
/// node.
@NullMarked
package dev.fakta.views.engine;

import org.jspecify.annotations.NullMarked;
