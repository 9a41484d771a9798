// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLibraryTest {

    @TempDir Path temporary;

    @Test
    void nothing_of_what_is_unpacked_stays() throws SQLException {
        assumeFalse(System.getProperty("os.name").startsWith("Windows"));
        SqliteLibrary.load(temporary);
        assertThat(temporary).isEmptyDirectory();
        assertThat(System.getProperty("org.sqlite.lib.path")).isNull();
        try (Connection memory = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            assertThat(memory.isValid(1)).isTrue();
        }
    }

    @Test
    void a_folder_that_cannot_be_made_is_left_to_the_driver() {
        assertThatCode(() -> SqliteLibrary.load(temporary.resolve("not there")))
                .doesNotThrowAnyException();
    }
}
