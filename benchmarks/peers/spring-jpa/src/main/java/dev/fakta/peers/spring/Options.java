// SPDX-License-Identifier: Apache-2.0
package dev.fakta.peers.spring;

/// What the command line says.
///
/// @param port 0 for a free one
record Options(int port, String jdbcUrl) {

    private static final String USAGE = "usage: --port P --jdbc-url URL";

    Options {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("there is no port " + port + "; " + USAGE);
        }
    }

    static Options parse(String... args) {
        int port = -1;
        String jdbcUrl = "";
        for (int i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--port" -> port = Integer.parseInt(args[i + 1]);
                case "--jdbc-url" -> jdbcUrl = args[i + 1];
                default -> throw new IllegalArgumentException(USAGE);
            }
        }
        if (args.length != 4 || jdbcUrl.isEmpty()) {
            throw new IllegalArgumentException(USAGE);
        }
        return new Options(port, jdbcUrl);
    }
}
