// SPDX-License-Identifier: Apache-2.0
/// What messages to other systems need: secrets and signatures by Standard Webhooks, addresses that
/// may be called, a client that calls just these, pauses between attempts. It knows no route and no
/// node; [dev.fakta.gateway.Webhooks] has these.
@NullMarked
package dev.fakta.gateway.webhooks;

import org.jspecify.annotations.NullMarked;
