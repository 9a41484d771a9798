// SPDX-License-Identifier: Apache-2.0

/// The sagas that a node runs, and no API.
///
/// A [SagaRunner] keeps a saga running through the failures of what it needs; each try is a
/// [SagaSession]. There a [SagaFollower] finds inputs in the log, a [SagaDesk] hands them to the
/// instances and sends what they ask for, and a [SagaIndex] says after a restart which to look
/// after. [SagaHost] says which sagas run here.
@NullMarked
package dev.fakta.runtime.sagas;

import org.jspecify.annotations.NullMarked;
