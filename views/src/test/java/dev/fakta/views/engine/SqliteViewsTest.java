// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fakta.log.Positions;
import dev.fakta.views.ViewPlace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteViewsTest extends ViewConformance {

    @TempDir Path directory;

    @Override
    ViewPlace place() {
        return new ViewPlace.Directory(directory);
    }

    @Test
    void a_damaged_file_is_named_with_what_to_do_about_it() throws IOException {
        Path damaged = Files.createDirectory(directory.resolve("damaged"));
        Path file = damaged.resolve("sums-1.db");
        Files.writeString(file, "no database ".repeat(1_000));
        try (Facts facts = new Facts(Tally.SUMS)) {
            facts.added("a", 5);
            assertThatThrownBy(() -> facts.host("one", new ViewPlace.Directory(damaged)).close())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("view sums version 1 cannot open " + file)
                    .hasMessageContaining("stop the node and delete it");
            Files.delete(file);
            try (ViewHost host = facts.host("one", new ViewPlace.Directory(damaged))) {
                host.start(Tally.SUMS);
                assertThat(host.await(Tally.SUMS, facts.log().heads(), Duration.ofSeconds(90)))
                        .isTrue();
                assertThat(Facts.rows(host)).isEqualTo(facts.rows());
            }
        }
    }

    @Test
    void a_directory_that_cannot_be_made_ends_the_start() throws IOException {
        Path taken = Files.writeString(directory.resolve("taken"), "a file");
        try (Facts facts = new Facts(Tally.SUMS)) {
            assertThatThrownBy(() -> facts.host("one", new ViewPlace.Directory(taken)).close())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("cannot make the directory of views")
                    .hasMessageContaining(taken.toString());
        }
    }

    @Test
    void rows_are_read_on_a_full_disk_also_after_the_writer_has_closed_the_file() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()) == 0,
                "only root may mount a small file system");
        try (Facts facts = new Facts(Tally.SUMS);
                SqliteViews store = new SqliteViews(disk.resolve("views"))) {
            ViewWriter writer = store.take(Tally.SUMS, facts.log());
            writer.run("insert into tally values ('a', 5, 1)");
            writer.commit(Positions.NONE);
            writer.close(); // as in ViewWriter.reopen()
            fill(disk);
            assertThat(store.rows(Tally.SUMS, "select sum from tally", row -> row.number("sum")))
                    .containsExactly(5L);
        } finally {
            run("umount", disk.toString());
        }
    }

    private static void fill(Path disk) throws IOException {
        byte[] page = new byte[4_096];
        try (OutputStream ballast = Files.newOutputStream(disk.resolve("ballast"))) {
            while (true) {
                ballast.write(page);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space");
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return process.waitFor(20, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }
}
