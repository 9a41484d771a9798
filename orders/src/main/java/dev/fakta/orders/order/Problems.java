// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.order;

import dev.fakta.domain.Processor.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects everything that is wrong with a request. For one thread.
final class Problems {

    static final String MISSING = "is missing";

    private final List<Problem> found = new ArrayList<>(0);

    void add(String field, String reason) {
        found.add(new Problem(field, reason));
    }

    boolean areNone() {
        return found.isEmpty();
    }

    List<Problem> found() {
        return found;
    }

    /// The text without the blanks around it, which has to be there; empty when it is not good.
    String required(String field, @Nullable String text, int longest) {
        if (text == null || text.isBlank()) {
            add(field, MISSING);
            return "";
        }
        return bounded(field, text.strip(), longest);
    }

    /// The text without the blanks around it; null when there is none.
    @Nullable String optional(String field, @Nullable String text, int longest) {
        return text == null || text.isBlank() ? null : bounded(field, text.strip(), longest);
    }

    private String bounded(String field, String text, int longest) {
        if (text.length() > longest) {
            add(field, "has more than %d characters".formatted(longest));
            return "";
        }
        for (int index = 0; index < text.length(); index++) {
            if (Character.isISOControl(text.charAt(index))) {
                add(field, "has a control character");
                return "";
            }
        }
        return text;
    }
}
