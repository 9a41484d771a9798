// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views;

/// Makes something of one row of a view.
@FunctionalInterface
public interface RowMapper<T> {
    T map(Row row);
}
