// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Says what belongs in a field, in words that a client can act on: by the field's type in Java,
/// without naming that type.
final class ExpectedValue {

    static final String TIME = "a time in UTC, as in 2026-11-22T10:00:00Z";
    static final String WHOLE_NUMBER = "a whole number";

    private static final Map<Class<?>, String> WORDS =
            Map.ofEntries(
                    Map.entry(byte.class, WHOLE_NUMBER),
                    Map.entry(Byte.class, WHOLE_NUMBER),
                    Map.entry(short.class, WHOLE_NUMBER),
                    Map.entry(Short.class, WHOLE_NUMBER),
                    Map.entry(int.class, WHOLE_NUMBER),
                    Map.entry(Integer.class, WHOLE_NUMBER),
                    Map.entry(long.class, WHOLE_NUMBER),
                    Map.entry(Long.class, WHOLE_NUMBER),
                    Map.entry(BigInteger.class, WHOLE_NUMBER),
                    Map.entry(float.class, "a number, as in 12.5"),
                    Map.entry(Float.class, "a number, as in 12.5"),
                    Map.entry(double.class, "a number, as in 12.5"),
                    Map.entry(Double.class, "a number, as in 12.5"),
                    Map.entry(BigDecimal.class, "a number, as in 12.5"),
                    Map.entry(boolean.class, "true or false"),
                    Map.entry(Boolean.class, "true or false"),
                    Map.entry(String.class, "a text"),
                    Map.entry(UUID.class, "a UUID, as in 123e4567-e89b-12d3-a456-426614174000"),
                    Map.entry(Instant.class, TIME),
                    Map.entry(LocalDate.class, "a date, as in 2026-12-24"),
                    Map.entry(LocalTime.class, "a time of day, as in 18:30"),
                    Map.entry(LocalDateTime.class, "a date with a time, as in 2026-12-24T18:30:00"),
                    Map.entry(Duration.class, "a duration, as in PT15M"));

    private ExpectedValue() {}

    /// @param type the field's; `null` when the parser cannot tell
    static String of(@Nullable Class<?> type) {
        if (type == null) {
            return "not a value of the type that belongs here";
        }
        String words = WORDS.get(type);
        if (words != null) {
            return words;
        }
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(one -> ((Enum<?>) one).name())
                            .collect(Collectors.joining(", "));
        }
        if (type.isArray() || Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        return type.isRecord() || Map.class.isAssignableFrom(type)
                ? "an object"
                : "not a value of the type that belongs here";
    }
}
