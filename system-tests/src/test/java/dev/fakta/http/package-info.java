// SPDX-License-Identifier: Apache-2.0

/// The order management microsystem from outside: a real server, a real client, the outside
/// contract. [Shop] is both ends; each test class opens one.
@NullMarked
package dev.fakta.http;

import org.jspecify.annotations.NullMarked;
