// SPDX-License-Identifier: Apache-2.0

/// Views, as an application meets them: [Row] and [RowMapper] read what a query answers,
/// [ViewPlace] says where the tables of views are, and [ViewLag] how far a view is behind its log.
/// What a view is made of is `dev.fakta.domain.View`.
@NullMarked
package dev.fakta.views;

import org.jspecify.annotations.NullMarked;
