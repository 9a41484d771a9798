// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

/// How many instances of a saga there are that have not ended.
///
/// @param late those that have been due for longer than a second
public record SagaCounts(String saga, long live, long stuck, long parked, long late) {}
