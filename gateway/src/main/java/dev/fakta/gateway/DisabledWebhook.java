// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import java.time.Instant;

/// A webhook subscription that was given up, and waits until somebody has it go on: with `POST` at
/// its `resume`. It does not say where messages go: who may see a list of what waits need not know.
///
/// @param id of the subscription
/// @param because `GONE`, when its receiver says that it is there no more, or `FAILING`, when
///   nothing was taken for too long
/// @param detail what the receiver answered last, in a phrase
/// @param since when it was given up
public record DisabledWebhook(String id, String because, String detail, Instant since) {}
