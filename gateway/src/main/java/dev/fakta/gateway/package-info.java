// SPDX-License-Identifier: Apache-2.0

/// HTTP in front of a microsystem.
///
/// An application lists its [Routes], one line each; [Gateway] serves them. Commands and queries
/// run on a virtual thread per request and block. Every error is a problem document (RFC 9457).
@NullMarked
package dev.fakta.gateway;

import org.jspecify.annotations.NullMarked;
