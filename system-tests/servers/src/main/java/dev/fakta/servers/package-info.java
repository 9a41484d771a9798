// SPDX-License-Identifier: Apache-2.0

/// What makes the servers of the tests start quickly: [dev.fakta.servers.QuickStart].
@NullMarked
package dev.fakta.servers;

import org.jspecify.annotations.NullMarked;
