// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fakta.domain.View;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.views.ViewPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PostgresViewsTest extends ViewConformance {

    private static final int ROUNDS = 15;

    private final ViewPlace.Database place = new ViewPlace.Database(ViewDatabases.create());

    @Override
    ViewPlace place() {
        return place;
    }

    @Test
    void a_schema_is_named_by_microsystem_view_and_version() {
        assertThat(ViewTables.schema("my-shop", View.named("top-ten").version(3)))
                .isEqualTo("my_shop__top_ten__v3");
        String longest = "a".repeat(100);
        assertThat(ViewTables.schema(longest, View.named("b")))
                .hasSize(63)
                .isNotEqualTo(ViewTables.schema(longest, View.named("c")));
    }

    @Test
    void tables_that_depend_on_each_other_keep_all_statements_in_order() {
        assertThat(
                        StatementRuns.tables(
                                List.of(
                                        "create table a (id text)",
                                        "CREATE TABLE IF NOT EXISTS b (id text)",
                                        "create index c on a (id)")))
                .containsExactly("a", "b");
        assertThat(
                        StatementRuns.tables(
                                List.of(
                                        "create table a (id text primary key)",
                                        "create table b (id text references a (id))")))
                .isEmpty();
        assertThat(StatementRuns.tables(List.of("create view a as select 1"))).isEmpty();
    }

    @Test
    void a_node_looks_at_a_view_while_another_one_makes_it() throws Exception {
        int nodes = 4;
        List<PostgresViews> stores = new ArrayList<>();
        for (int node = 0; node < nodes; node++) {
            stores.add(new PostgresViews(place, _ -> "race", "node-" + node));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(nodes);
                EventLog log = MemoryLog.create(1)) {
            for (int round = 1; round <= ROUNDS; round++) {
                View view =
                        View.named("raced").version(round).table("create table raced (id text)");
                CyclicBarrier together = new CyclicBarrier(nodes);
                List<Future<?>> starts = new ArrayList<>();
                for (PostgresViews store : stores) {
                    starts.add(
                            threads.submit(
                                    () -> {
                                        together.await();
                                        if (store.equals(stores.getFirst())) {
                                            patiently(() -> store.take(view, log).close());
                                        } else {
                                            patiently(() -> store.check(view));
                                        }
                                        return null;
                                    }));
                }
                for (Future<?> start : starts) {
                    start.get(90, TimeUnit.SECONDS);
                }
            }
        } finally {
            stores.forEach(PostgresViews::close);
        }
    }

    /// As a node does: where a busy database had it wait too long for the others, it tries again.
    private static void patiently(Runnable task) {
        boolean isDone = false;
        while (!isDone) {
            try {
                task.run();
                isDone = true;
            } catch (ViewSqlException e) {
                if (!e.isOperating()) {
                    throw e;
                }
            }
        }
    }

    @Test
    void a_password_is_in_no_text() {
        var secret =
                new ViewPlace.Database("jdbc:postgresql://db.example/shop?user=u&password=s3cret");
        assertThat(secret.toString()).contains("db.example", "shop").doesNotContain("s3cret");
        assertThatThrownBy(() -> new ViewPlace.Database("jdbc:mysql://db?password=s3cret"))
                .hasMessageNotContaining("s3cret");
    }
}
