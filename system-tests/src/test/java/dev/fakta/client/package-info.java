// SPDX-License-Identifier: Apache-2.0

/// A client of another language, generated from the API's document and used against a node.
@NullMarked
package dev.fakta.client;

import org.jspecify.annotations.NullMarked;
