// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fakta.domain.View;
import dev.fakta.runtime.NodeSettings;
import dev.fakta.runtime.ViewPlace;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresViewsTest extends ViewConformance {

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
    void a_password_is_in_no_text() {
        var secret =
                new ViewPlace.Database("jdbc:postgresql://db.example/shop?user=u&password=s3cret");
        assertThat(NodeSettings.embedded(Path.of("x")).withViews(secret).toString())
                .contains("db.example", "shop")
                .doesNotContain("s3cret");
        assertThatThrownBy(() -> new ViewPlace.Database("jdbc:mysql://db?password=s3cret"))
                .hasMessageNotContaining("s3cret");
    }
}
