// SPDX-License-Identifier: Apache-2.0
package dev.fakta.postgres;

import static dev.fakta.postgres.Samples.ask;
import static dev.fakta.postgres.Samples.done;
import static dev.fakta.postgres.Samples.event;
import static dev.fakta.postgres.Samples.stream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.log.Writer;
import dev.fakta.postgres.server.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The queries that `docs/operating/cluster.md` gives for a look at a restored log.
final class BackupPageTest {

    private static final Pattern QUERIES = Pattern.compile("(?s)```sql\n(.*?)```");

    @Test
    void the_queries_of_the_page_find_what_is_missing_and_nothing_else() throws Exception {
        String url = ThrowawayPostgres.database();
        try (PostgresLog log = PostgresLog.open(PostgresLogSettings.of(url))) {
            String stream = stream(log, 0, 1);
            Writer writer = log.claim(0, "node");
            for (int revision = 1; revision <= 3; revision++) {
                done(writer.append(List.of(event(stream, revision))));
            }
            log.claim(0, "another node");
        }
        assertThat(queries()).hasSize(2).allSatisfy(query -> assertThat(ask(url, query)).isEmpty());
        ask(url, "drop trigger event_is_history on event");
        ask(url, "delete from event where revision = 2");
        assertThat(queries()).allSatisfy(query -> assertThat(ask(url, query)).isNotEmpty());
    }

    private static List<String> queries() throws IOException {
        var found = QUERIES.matcher(Files.readString(page()));
        assertThat(found.find()).isTrue();
        return Stream.of(found.group(1).split(";")).filter(query -> !query.isBlank()).toList();
    }

    private static Path page() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .map(above -> above.resolve("docs/operating/cluster.md"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }
}
