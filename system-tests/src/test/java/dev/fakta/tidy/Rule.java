// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import java.util.List;

/// One house rule: a pure function from the repository's files to what is wrong with them.
@FunctionalInterface
interface Rule {
    List<Finding> check(Tree tree);
}
