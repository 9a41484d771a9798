// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import java.util.concurrent.Future;

/// No fault, for ArrowsTest: names a foreign type where no other package sees it.
interface PlantedSecret {
    Future<String> answer(Future<String> question);
}
