// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// The order of a list: by a whole number of each row, and among rows of one number by id. So each
/// row has a place of its own, and a page begins behind the last row of the page before, whatever
/// was added meanwhile. What `?sort=` takes, with a `-` for the greatest first, is this order's
/// word.
///
/// @param word as a client gives it, as in `-placedAt`
/// @param column that the word stands for
/// @param otherwise the word of the order that the list has without `?sort=`
/// @param after behind which row the page begins; `null` for the first page
public record ListOrder(String word, String column, String otherwise, @Nullable Place after) {

    private static final char DESCENDING = '-';

    /// Where a row stands in a list.
    ///
    /// @param value of the column that the list is sorted by
    public record Place(long value, String id) {

        /// Reads a value and an id with a dot between them.
        ///
        /// @throws NumberFormatException when it is something else
        static Place of(String text) {
            int dot = text.indexOf('.');
            return new Place(
                    Long.parseLong(text.substring(0, Math.max(dot, 0))), text.substring(dot + 1));
        }
    }

    /// @param cursor as [#cursor] makes it; `null` for the first page
    /// @throws NumberFormatException when the cursor is none of this order
    static ListOrder of(String word, String column, String otherwise, @Nullable String cursor) {
        String name = word.equals(otherwise) ? "" : word + ":";
        if (cursor != null && !cursor.startsWith(name)) {
            throw new NumberFormatException("of another order");
        }
        Place after = cursor == null ? null : Place.of(cursor.substring(name.length()));
        return new ListOrder(word, column, otherwise, after);
    }

    /// What `?after=` takes to get the page behind this place. It names the order, unless that is
    /// the one without `?sort=`: a list that is sorted anew begins anew.
    public String cursor(Place place) {
        String name = word.equals(otherwise) ? "" : word + ":";
        return name + place.value + "." + place.id;
    }

    /// The end of a statement, but for the limit.
    ///
    /// @param id the name of the column with the id
    public String by(String id) {
        String direction = isDescending() ? " desc" : "";
        return " order by " + column + direction + ", " + id + direction;
    }

    /// The condition that a row is behind [#after], whose value and id are its arguments.
    ///
    /// @param id as in [#by]
    public String behind(String id) {
        return "(%s, %s) %s (?, ?)".formatted(column, id, isDescending() ? "<" : ">");
    }

    /// Compares places: the first one of the list is the least.
    Comparator<Place> comparator() {
        Comparator<Place> ascending =
                Comparator.comparingLong(Place::value).thenComparing(Place::id);
        return isDescending() ? ascending.reversed() : ascending;
    }

    private boolean isDescending() {
        return word.charAt(0) == DESCENDING;
    }
}
