// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.util.Arrays;
import java.util.List;

/// The forms that a list is answered in. What a client takes equally well comes as the first of
/// them.
enum ListForm {
    /// One page, with the cursor of the next one.
    PAGE(Route.JSON, Route.JSON),
    /// All rows, each as one line of JSON: as it stands among the items of a page.
    LINES("application/x-ndjson", "application/x-ndjson"),
    /// All rows, as a table; see [CsvTable].
    TABLE("text/csv", "text/csv; charset=utf-8; header=present");

    static final List<String> ALL = Arrays.stream(values()).map(ListForm::type).toList();

    private final String type;
    private final String contentType;

    ListForm(String type, String contentType) {
        this.type = type;
        this.contentType = contentType;
    }

    static ListForm of(String type) {
        return values()[ALL.indexOf(type)];
    }

    /// Its media type.
    String type() {
        return type;
    }

    /// Its media type as an answer says it, with parameters.
    String contentType() {
        return contentType;
    }
}
