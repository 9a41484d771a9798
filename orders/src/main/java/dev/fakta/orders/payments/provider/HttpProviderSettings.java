// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.provider;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How the provider's server is asked. All problems are reported at once.
///
/// @param url of the provider, to which the paths of the operations are added
/// @param connectWithin how long a connection may take
/// @param answerWithin how long an answer may take, the connection included
/// @param mostInFlight how many requests are under way at the same time
/// @param waitForTurn how long a further one waits until one of these has ended
public record HttpProviderSettings(
        URI url,
        Duration connectWithin,
        Duration answerWithin,
        int mostInFlight,
        Duration waitForTurn) {

    public HttpProviderSettings {
        List<String> problems = new ArrayList<>();
        String scheme = String.valueOf(url.getScheme());
        require(
                (scheme.equals("http") || scheme.equals("https")) && url.getHost() != null,
                "url: http://HOST or https://HOST, not " + url,
                problems);
        require(connectWithin.isPositive(), "connect-within: longer than nothing", problems);
        require(answerWithin.isPositive(), "answer-within: longer than nothing", problems);
        require(mostInFlight >= 1, "most-in-flight: at least 1", problems);
        require(!waitForTurn.isNegative(), "wait-for-turn: not below nothing", problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("provider: " + String.join("; ", problems));
        }
    }

    private static void require(boolean holds, String otherwise, List<String> problems) {
        if (!holds) {
            problems.add(otherwise);
        }
    }

    /// Two seconds to connect, four to answer, so that a look and a second request fit into the
    /// time that a processor has; 128 in flight.
    public static HttpProviderSettings of(URI url) {
        return new HttpProviderSettings(
                url, Duration.ofSeconds(2), Duration.ofSeconds(4), 128, Duration.ofSeconds(1));
    }

    /// The same with another limit on answers.
    public HttpProviderSettings answeringWithin(Duration longest) {
        return new HttpProviderSettings(url, connectWithin, longest, mostInFlight, waitForTurn);
    }

    /// The same with another bound on what is in flight.
    public HttpProviderSettings inFlight(int most, Duration wait) {
        return new HttpProviderSettings(url, connectWithin, answerWithin, most, wait);
    }
}
