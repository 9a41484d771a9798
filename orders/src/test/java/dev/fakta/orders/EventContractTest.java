// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders;

import static dev.fakta.testkit.EventContract.assertThatEventsOf;

import dev.fakta.domain.Microsystem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What logs hold of order management can be read: an event's record changes with its version only.
class EventContractTest {

    @Test
    void the_events_of_order_management_are_as_their_logs_have_them() {
        assertThatEventsOf(OrderManagement.MICROSYSTEMS.all().toArray(Microsystem[]::new))
                .matchContract(Path.of("src/test/resources/contract"));
    }
}
