// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.domain.Aggregate;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Takes what another system sends in its own form, and vouches for in its own way: webhooks, with
/// their signatures. It says what to record, and the sender is answered once that is durable; what
/// follows from it is the business of whoever subscribes to the fact.
///
/// Pure: any thread calls, and nothing else is to be waited for.
@FunctionalInterface
public interface Receiver {

    Taken take(Delivery delivery);

    /// What was sent.
    ///
    /// @param headers the value of a header, or `null`
    /// @param body its bytes as they came, for a signature to be checked over them
    @SuppressWarnings("ArrayRecordComponent") // bytes as they came; nobody compares by them
    record Delivery(Function<String, @Nullable String> headers, byte[] body, Instant now) {
        public @Nullable String header(String name) {
            return headers.apply(name);
        }
    }

    /// What becomes of it.
    sealed interface Taken {}

    /// This command to this aggregate. It must bear to come again: the sender repeats what it got
    /// no answer to.
    record Send(Aggregate<?, ?, ?> aggregate, String id, Object command) implements Taken {
        public static <C, T extends C> Send to(Aggregate<C, ?, ?> aggregate, String id, T command) {
            return new Send(aggregate, id, command);
        }
    }

    /// Nothing is recorded.
    ///
    /// @param status 400 to 499
    /// @param type of the problem, stable
    record Refuse(int status, String type, String detail) implements Taken {}
}
