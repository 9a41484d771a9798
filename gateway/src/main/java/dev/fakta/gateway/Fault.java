// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Processor;
import java.util.List;

/// One fault of a request.
///
/// @param field the path to the field, as in `lines[2].quantity`, or the header or parameter; empty
///   for the body as a whole
/// @param reason what is wrong with it, for people
/// @param code the kind of fault, for programs
record Fault(String field, String reason, Code code) {

    /// In UTF-16 units: a name that somebody sends is repeated to him, and not by the 50,000.
    private static final int LONGEST_FIELD = 300;

    private static final String MISSING = "is missing";

    enum Code {
        /// It is needed, and not there or `null`.
        MISSING,
        /// Nothing of this name belongs here.
        UNKNOWN_FIELD,
        /// It cannot be read as what belongs here.
        UNREADABLE,
        /// It can be read, and is not allowed.
        INVALID
    }

    Fault {
        field = field.substring(0, Math.min(field.length(), LONGEST_FIELD));
    }

    static Fault unreadable(String field, String reason) {
        return new Fault(field, reason, Code.UNREADABLE);
    }

    static Fault missing(String field) {
        return new Fault(field, MISSING, Code.MISSING);
    }

    static Fault unknown(String field) {
        return new Fault(field, "there is no such field", Code.UNKNOWN_FIELD);
    }

    /// What looked through the fields has found.
    static List<Fault> of(List<Processor.Problem> problems) {
        return problems.stream()
                .map(
                        one ->
                                new Fault(
                                        one.field(),
                                        one.reason(),
                                        one.reason().equals(MISSING) ? Code.MISSING : Code.INVALID))
                .toList();
    }
}
