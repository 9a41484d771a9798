// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.views;

import dev.fakta.runtime.ViewPlace;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteViewsTest extends ViewConformance {

    @TempDir Path directory;

    @Override
    ViewPlace place() {
        return new ViewPlace.Directory(directory);
    }
}
