// SPDX-License-Identifier: Apache-2.0

/// The event log, in pure Java.
@SuppressWarnings("module") // dev.fakta.postgres is built after this module
module dev.fakta.log {
    requires static transitive org.jspecify;

    exports dev.fakta.log;
    exports dev.fakta.log.engine to
            dev.fakta.postgres;
}
