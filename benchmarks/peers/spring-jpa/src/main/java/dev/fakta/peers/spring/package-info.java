// SPDX-License-Identifier: Apache-2.0

/// A peer for the benchmarks: the order service as a microlith, that is Spring MVC on virtual
/// threads, Spring Data JPA and one database that is asked and written for each request.
///
/// It takes the same requests as the order management microsystem on three paths: `PUT
/// /products/{sku}`, `POST /orders`, `GET /orders/{id}`. It is tuned as a service in production
/// would be, see `application.yaml`; [Main] starts it.
@NullMarked
package dev.fakta.peers.spring;

import org.jspecify.annotations.NullMarked;
