// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views;

/// How far a view is behind the log.
///
/// @param events records that it has not applied yet
/// @param seconds the age of the oldest of those at hand; 0 when there are none
/// @param parkedStreams streams that wait behind an event that failed
public record ViewLag(String view, int version, long events, double seconds, int parkedStreams) {}
