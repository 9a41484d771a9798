// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

/// How much a saga, a courier or an alarm clock has to do.
///
/// @param saga the name of the saga, courier or clock
/// @param live instances that have not ended; of a courier, errands that are tried again; of a
///   clock, alarms that are set
/// @param stuck those that wait for an operator
/// @param parked those that an input is set aside for
/// @param late those that have been due for longer than a second
/// @param behind how many records of the log it has not dealt with
public record SagaCounts(String saga, long live, long stuck, long parked, long late, long behind) {}
