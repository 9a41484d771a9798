// SPDX-License-Identifier: Apache-2.0

/// A peer for the benchmarks: the order service as Lagom built it, that is one event-sourced actor
/// per order, sharded over a cluster, with its journal in PostgreSQL by Pekko Persistence JDBC.
///
/// It takes the same requests as the order management microsystem on three paths: `PUT
/// /products/{sku}` (held in memory), `POST /orders`, `GET /orders/{id}`. It is tuned as a service
/// in production would be, see `application.conf`; it has no read side, which spares it the tags of
/// its events. [Main] starts it.
@NullMarked
package dev.fakta.peers.pekko;

import org.jspecify.annotations.NullMarked;
