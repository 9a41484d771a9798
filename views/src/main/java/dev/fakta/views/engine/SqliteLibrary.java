// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/// SQLite itself, which the driver has in its jar as a native library. The driver unpacks it at
/// each start and then compares every byte, which takes longer than all else that it does; here the
/// bytes are copied at once, into a new folder of this process that nobody else may write to.
///
/// Where that does not work, or somebody has told the driver by its properties where the library
/// is, the driver goes its own way.
final class SqliteLibrary {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);
    private static final String FOLDER = "org.sqlite.lib.path";
    private static final String NAME = "org.sqlite.lib.name";

    private static final class Loaded {
        static {
            String temporary =
                    System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir"));
            if (System.getProperty(FOLDER) == null && System.getProperty(NAME) == null) {
                load(Path.of(temporary));
            }
        }

        private Loaded() {}

        static void look() {}
    }

    private SqliteLibrary() {}

    /// Returns when the library is loaded, or when it is left to the driver.
    static void load() {
        Loaded.look();
    }

    /// @param temporary where the library is unpacked; nothing of it stays
    static void load(Path temporary) {
        try {
            Path folder = Files.createTempDirectory(temporary, "fakta-sqlite");
            Path library = folder.resolve(LibraryLoaderUtil.getNativeLibName());
            try {
                if (unpack(library)) {
                    System.setProperty(FOLDER, folder.toString());
                    var _ = SQLiteJDBCLoader.initialize();
                }
            } finally {
                System.clearProperty(FOLDER);
                remove(library);
                remove(folder);
            }
        } catch (Exception e) { // the driver's own say so
            LOG.debug("SQLite's driver is left to load its library", e);
        }
    }

    private static boolean unpack(Path library) throws IOException {
        String resource =
                LibraryLoaderUtil.getNativeLibResourcePath() + "/" + library.getFileName();
        try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
            if (in == null) {
                return false;
            }
            Files.copy(in, library);
            return true;
        }
    }

    /// Windows keeps the files of libraries as long as these are loaded.
    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("{} stays until the process ends", file, e);
            file.toFile().deleteOnExit();
        }
    }
}
