// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.fields;

import dev.fakta.domain.Processor.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that is wrong with the fields of a command, whatever the state of what it is sent to.
/// The one who looks through the command says it once, and two ask: the aggregate, which refuses
/// for the [#first] fault, and the gateway, which answers all of the [#problems] before anything is
/// sent. For one thread.
///
/// @param <R> what the aggregate refuses with
public final class Faults<R> {

    static final String MISSING = "is missing";

    private final List<Problem> problems = new ArrayList<>(0);
    private @Nullable R first;

    /// What the first fault is refused with; `null` when there is none.
    public @Nullable R first() {
        return first;
    }

    /// All of them, in the order in which they were found.
    public List<Problem> problems() {
        return problems;
    }

    /// Whether nothing is wrong so far.
    public boolean areNone() {
        return first == null;
    }

    /// Adds a fault.
    ///
    /// @param field the path to it, as in `lines[2].quantity`
    /// @param reason for people, behind the field's name: `is missing`
    public void add(R refusal, String field, String reason) {
        first = first == null ? refusal : first;
        problems.add(new Problem(field, reason));
    }

    /// The same, unless the field is as it should be.
    public Faults<R> unless(boolean isSound, R refusal, String field, String reason) {
        if (!isSound) {
            add(refusal, field, reason);
        }
        return this;
    }

    /// A text that has to be there, of so many characters at most.
    public Faults<R> text(R refusal, String field, @Nullable String text, int longest) {
        return unless(text != null && !text.isBlank(), refusal, field, MISSING)
                .atMost(refusal, field, text, longest);
    }

    /// A text that may be left out, and is not empty otherwise.
    public Faults<R> optional(R refusal, String field, @Nullable String text, int longest) {
        return unless(text == null || !text.isBlank(), refusal, field, "is empty")
                .atMost(refusal, field, text, longest);
    }

    /// A text that may be left out, or be empty.
    public Faults<R> atMost(R refusal, String field, @Nullable String text, int longest) {
        if (text != null && text.length() > longest) {
            add(refusal, field, "has more than " + longest + " characters");
        }
        return this;
    }

    /// A whole number that has to be there.
    public Faults<R> number(
            R refusal, String field, @Nullable Number number, long least, long most) {
        if (number == null) {
            add(refusal, field, MISSING);
        } else if (number.longValue() < least || number.longValue() > most) {
            add(refusal, field, "a whole number from " + least + " to " + most + " is needed");
        }
        return this;
    }

    /// Something that has to be there.
    public Faults<R> present(R refusal, String field, @Nullable Object value) {
        return unless(value != null, refusal, field, MISSING);
    }

    /// How many a list may have.
    public Faults<R> size(R refusal, String field, @Nullable List<?> list, int least, int most) {
        int size = list == null ? 0 : list.size();
        if (size < least) {
            add(refusal, field, list == null ? MISSING : "is empty");
        } else if (size > most) {
            add(refusal, field, "has more than " + most + " entries");
        }
        return this;
    }
}
