// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.sagas;

import tools.jackson.databind.JsonNode;

/// A command in a saga's past that this program has no record for. It can be read and written, and
/// not be sent: a program that would have to send it does not start ([SagaCheck]).
record UnknownCommand(String type, JsonNode fields) {}
