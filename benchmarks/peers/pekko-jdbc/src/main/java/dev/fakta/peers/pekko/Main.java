// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.pekko;

import java.io.IOException;
import java.sql.SQLException;

/// `--port P --jdbc-url URL`: serves on loopback, on a free port when P is 0, prints one line
/// `ready http://127.0.0.1:PORT`, and stops on SIGTERM after the requests at hand.
public final class Main {

    private Main() {}

    public static void main(String[] args) throws IOException, SQLException {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        // Pekko's coordinated shutdown ends it on SIGTERM.
        @SuppressWarnings("resource")
        OrderService service = OrderService.start(options);
        System.out.println("ready http://127.0.0.1:" + service.port());
    }
}
