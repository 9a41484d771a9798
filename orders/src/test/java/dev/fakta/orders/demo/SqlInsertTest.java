// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlInsertTest {

    @Test
    void literals_are_read_in_column_order() {
        SqlInsert row =
                parse("INSERT INTO \"t\" VALUES(7,'a, (b)',NULL,'2003-01-06 00:00:00.0',49.50)");

        assertThat(row.table()).isEqualTo("t");
        assertThat(row.integer(0)).isEqualTo(7);
        assertThat(row.text(1)).isEqualTo("a, (b)");
        assertThat(row.optionalText(2)).isEmpty();
        assertThat(row.date(3)).isEqualTo(LocalDate.of(2003, 1, 6));
        assertThat(row.cents(4)).isEqualTo(49_50);
    }

    @Test
    void a_doubled_quote_is_one_quote_and_an_empty_literal_is_no_null() {
        SqlInsert row = parse("INSERT INTO t VALUES('d''Auge','','''',' NULL')");

        assertThat(row.values()).containsExactly("d'Auge", "", "'", " NULL");
    }

    @Test
    void spaces_between_literals_and_a_semicolon_at_the_end_do_not_matter() {
        assertThat(parse("INSERT INTO t VALUES( 1 , 'x' , null );").values())
                .containsExactly("1", "x", null);
    }

    @Test
    void other_statements_are_no_inserts() {
        assertThat(SqlInsert.parse(1, "CREATE TABLE t(a INTEGER)")).isEmpty();
        assertThat(SqlInsert.parse(1, "")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO t (a) SELECT 1",
                "INSERT INTO t VALUES(",
                "INSERT INTO t VALUES()",
                "INSERT INTO t VALUES(1,)",
                "INSERT INTO t VALUES(1",
                "INSERT INTO t VALUES('a",
                "INSERT INTO t VALUES('a'b)",
                "INSERT INTO t VALUES(a'b')",
                "INSERT INTO t VALUES(1 2)",
                "INSERT INTO t VALUES(1),(2)"
            })
    void a_line_that_cannot_be_read_fails_with_its_number(String line) {
        assertThatThrownBy(() -> SqlInsert.parse(42, line))
                .isInstanceOf(UnreadableScript.class)
                .hasMessageContaining("line 42");
    }

    @Test
    void a_value_of_another_type_fails_with_line_table_and_column() {
        SqlInsert row = parse("INSERT INTO t VALUES('x',NULL,1.005,99999999999)");

        assertThatThrownBy(() -> row.integer(0)).hasMessageContaining("line 3: t, column 1");
        assertThatThrownBy(() -> row.date(0)).hasMessageContaining("is no date: x");
        assertThatThrownBy(() -> row.text(1)).hasMessageContaining("column 2 has no value");
        assertThatThrownBy(() -> row.cents(2)).hasMessageContaining("is no amount in cents: 1.005");
        assertThatThrownBy(() -> row.integer(3)).hasMessageContaining("is no integer");
        assertThatThrownBy(() -> row.text(4)).hasMessageContaining("column 5 has no value");
    }

    private static SqlInsert parse(String line) {
        return SqlInsert.parse(3, line).orElseThrow();
    }
}
