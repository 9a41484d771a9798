// SPDX-License-Identifier: Apache-2.0
package dev.fakta.load;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// The sagas, couriers and alarm clocks when nothing moves any more: they have dealt with all of
/// the log, and each saga that has not ended and each alarm waits for a time that is far off.
///
/// @param timed the orders that an alarm is set for, or that a saga of wakes by itself
/// @param moving what has not come to rest in time, or never will by itself
record Quiet(Set<String> timed, List<String> moving) {

    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final Duration FAR = Duration.ofMinutes(3);
    private static final String BEHIND = "fakta_sagas_behind{";
    private static final String OF_ORDERS = "order-payment-clock";
    private static final String OF_SHIPMENTS = "order-shipping-clock";

    /// How often it has to look the same: an event may be on its way to a saga that is not listed.
    private static final int LOOKS = 3;

    /// Waits for a quarter of an hour at most.
    static Quiet await(Shop shop, InstantSource clock) throws IOException, InterruptedException {
        long until = System.nanoTime() + LIMIT.toNanos();
        int quiet = 0;
        while (true) {
            Quiet now = look(shop, clock.instant().plus(FAR));
            quiet = now.moving.isEmpty() ? quiet + 1 : 0;
            if (quiet == LOOKS || System.nanoTime() > until) {
                return now;
            }
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private static Quiet look(Shop shop, Instant far) throws IOException, InterruptedException {
        Set<String> timed = new HashSet<>();
        List<String> moving = new ArrayList<>();
        for (String line : shop.text("/metrics").split("\n", -1)) {
            if (line.startsWith(BEHIND) && !line.endsWith(" 0.0") && !line.endsWith(" NaN")) {
                moving.add(line);
            }
        }
        String after = "";
        do {
            JsonNode page = shop.get("/sagas?limit=200" + after);
            for (JsonNode row : page.path("items")) {
                String id = row.path("id").asString();
                JsonNode due = row.path("due");
                boolean isTimed =
                        row.path("status").asString().equals("LIVE")
                                && !due.isNull()
                                && Instant.parse(due.asString()).isAfter(far);
                if (!isTimed) {
                    moving.add(row.toString());
                } else if (row.path("saga").asString().equals(OF_ORDERS)) {
                    timed.add(id.substring(id.indexOf(':') + 1));
                } else if (row.path("saga").asString().equals(OF_SHIPMENTS)) {
                    timed.add(id.substring(id.lastIndexOf(':') + 1));
                }
            }
            after = page.path("next").isString() ? "&after=" + page.path("next").asString() : "";
        } while (!after.isEmpty());
        return new Quiet(timed, moving);
    }
}
