// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.returns;

import dev.fakta.domain.Processor.Problem;
import dev.fakta.gateway.Routes;
import dev.fakta.orders.fields.Faults;
import dev.fakta.orders.order.LineUnits;
import dev.fakta.orders.order.Sourcing;
import dev.fakta.orders.returns.Return.Command;
import dev.fakta.orders.returns.Return.Inspected;
import dev.fakta.orders.returns.Return.Refusal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is wrong with the fields of requests to returns, whatever the state of the return.
final class ReturnFields {

    private static final String LINES = "lines";

    private ReturnFields() {}

    static void check(Routes http) {
        http.checking(Command.class, command -> faults(command).problems());
    }

    /// What is wrong with the request for a return of an order.
    ///
    /// @param lines how many the order has
    static List<Problem> of(ReturnProcessors.Wish wish, int lines) {
        Faults<Refusal> faults = new Faults<>();
        faults.size(Refusal.LINES_INVALID, LINES, wish.lines(), 1, Return.MOST_LINES);
        units(wish.lines(), lines, faults);
        explain(wish.reason(), faults);
        return faults.problems();
    }

    private static Faults<Refusal> faults(Command command) {
        Faults<Refusal> faults = new Faults<>();
        switch (command) {
            case Command.RejectReturn(var reason) -> explain(reason, faults);
            case Command.RecordReceived(var lines) -> units(lines, Return.MOST_LINES, faults);
            case Command.Inspect(var lines, var location) -> {
                inspected(lines, faults);
                faults.unless(
                        location == null || Sourcing.isLocation(location),
                        Refusal.LOCATION_INVALID,
                        "location",
                        "1 to 60 characters without @ are needed");
            }
            case Command _ -> {} // has nothing to be wrong, or is no client's
        }
        return faults;
    }

    private static void units(
            @Nullable List<@Nullable LineUnits> units, int lines, Faults<Refusal> faults) {
        List<@Nullable LineUnits> all = units == null ? List.of() : units;
        Set<Integer> seen = new HashSet<>();
        for (int index = 0; index < Math.min(all.size(), Return.MOST_LINES); index++) {
            LineUnits each = all.get(index);
            String field = LINES + "[" + index + "]";
            faults.present(Refusal.LINES_INVALID, field, each);
            if (each != null) {
                line(field, each.line(), lines, seen, Refusal.LINES_INVALID, faults);
                faults.unless(
                        each.quantity() >= 1,
                        Refusal.LINES_INVALID,
                        field + ".quantity",
                        "1 or more is needed");
            }
        }
    }

    private static void inspected(
            @Nullable List<@Nullable Inspected> lines, Faults<Refusal> faults) {
        List<@Nullable Inspected> all = lines == null ? List.of() : lines;
        Set<Integer> seen = new HashSet<>();
        for (int index = 0; index < Math.min(all.size(), Return.MOST_LINES); index++) {
            Inspected each = all.get(index);
            String field = LINES + "[" + index + "]";
            faults.present(Refusal.INSPECTION_INVALID, field, each);
            if (each != null) {
                line(
                        field,
                        each.line(),
                        Return.MOST_LINES,
                        seen,
                        Refusal.INSPECTION_INVALID,
                        faults);
                count(field + ".restocked", each.restocked(), faults);
                count(field + ".writtenOff", each.writtenOff(), faults);
            }
        }
    }

    private static void count(String field, int units, Faults<Refusal> faults) {
        faults.number(Refusal.INSPECTION_INVALID, field, units, 0, Integer.MAX_VALUE);
    }

    private static void line(
            String field,
            int line,
            int lines,
            Set<Integer> seen,
            Refusal refusal,
            Faults<Refusal> faults) {
        faults.unless(
                        line >= 0 && line < lines,
                        refusal,
                        field + ".line",
                        "the order has no such line")
                .unless(seen.add(line), refusal, field + ".line", "is named twice");
    }

    private static void explain(@Nullable String reason, Faults<Refusal> faults) {
        faults.atMost(Refusal.TEXT_INVALID, "reason", reason, Return.LONGEST_TEXT);
    }
}
