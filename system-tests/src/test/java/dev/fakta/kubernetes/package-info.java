// SPDX-License-Identifier: Apache-2.0

/// The manifests of `docs/operating/kubernetes`, checked without a cluster.
@NullMarked
package dev.fakta.kubernetes;

import org.jspecify.annotations.NullMarked;
