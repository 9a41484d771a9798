// SPDX-License-Identifier: Apache-2.0

/// The kit's API, in pure Java.
module dev.fakta.domain {
    requires static transitive org.jspecify;

    exports dev.fakta.domain;
}
