// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How many requests one caller may send in how long. Each caller has as many as any other. They
/// may come at once, and then come back evenly over the time.
///
/// @param role of the callers that it is for; `null`: those without a role, with wrong credentials
///   too. Who has no name is counted by address
/// @param requests 1 to a million
/// @param time a second to a day
public record RateLimit(@Nullable CallerRole role, int requests, Duration time) {

    private static final String ANYBODY = "anybody";
    private static final int MOST_REQUESTS = 1_000_000;
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Pattern FORM =
            Pattern.compile("([a-z]+)=([0-9]{1,7})/([0-9]{1,5})([smh])");

    /// @throws IllegalArgumentException naming each problem
    public RateLimit {
        List<String> problems = new ArrayList<>();
        if (requests < 1 || requests > MOST_REQUESTS) {
            problems.add("1 to " + MOST_REQUESTS + " requests, not " + requests);
        }
        if (time.compareTo(Duration.ofSeconds(1)) < 0 || time.compareTo(LONGEST) > 0) {
            problems.add("a second to a day, not " + time);
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("rate limit: " + String.join("; ", problems));
        }
    }

    /// Reads one as in `customer=100/60s` or `anybody=20/1m`: a role or `anybody`, requests, and a
    /// time in seconds, minutes or hours.
    ///
    /// @throws IllegalArgumentException saying what it has to look like
    public static RateLimit parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "a role or anybody, requests and a time, as in customer=100/60s, not " + text);
        }
        long number = Long.parseLong(parts.group(3));
        Duration time =
                switch (parts.group(4)) {
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                };
        return new RateLimit(role(parts.group(1)), Integer.parseInt(parts.group(2)), time);
    }

    private static @Nullable CallerRole role(String word) {
        if (word.equals(ANYBODY)) {
            return null;
        }
        for (CallerRole role : CallerRole.values()) {
            if (role.name().toLowerCase(Locale.ROOT).equals(word)) {
                return role;
            }
        }
        throw new IllegalArgumentException("no role is " + word);
    }

    /// The role in lower case, or `anybody`.
    public String name() {
        return role == null ? ANYBODY : role.name().toLowerCase(Locale.ROOT);
    }

    /// How much time each request takes of a caller's, in nanoseconds.
    long interval() {
        return time.toNanos() / requests;
    }
}
