// SPDX-License-Identifier: Apache-2.0

/// The alert rules and the dashboard, by a real Prometheus that scrapes a node.
@NullMarked
package dev.fakta.prometheus;

import org.jspecify.annotations.NullMarked;
