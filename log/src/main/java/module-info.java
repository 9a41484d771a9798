// SPDX-License-Identifier: Apache-2.0

/// The event log, in pure Java.
module dev.fakta.log {
    requires static transitive org.jspecify;

    exports dev.fakta.log;
}
