// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NotEmpty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Lists as tables.
class CsvTableTest {

    private record Texts(@Nullable String first, @Nullable String second) {}

    private record Node(String name, @Nullable Node next, Map<String, Integer> counts) {}

    private record Number(BigDecimal number, @Nullable Boolean is) {}

    private static String line(Object item) {
        return new CsvTable(item.getClass()).line(Json.mapper().valueToTree(item));
    }

    @Test
    void nothing_is_an_empty_cell_and_an_empty_text_is_quoted() {
        assertThat(line(new Texts(null, null))).isEqualTo(",\r\n");
        assertThat(line(new Texts("", null))).isEqualTo("\"\",\r\n");
        assertThat(line(new Texts(null, " a "))).isEqualTo(", a \r\n");
    }

    @Test
    void a_record_within_itself_is_written_as_json() {
        CsvTable table = new CsvTable(Node.class);
        assertThat(table.header()).isEqualTo("name,next,counts\r\n");
        Node node = new Node("a", new Node("b", null, Map.of()), Map.of("x", 1));
        assertThat(table.line(Json.mapper().valueToTree(node)))
                .isEqualTo(
                        "a,\"{\"\"name\"\":\"\"b\"\",\"\"next\"\":null,\"\"counts\"\":{}}\","
                                + "\"{\"\"x\"\":1}\"\r\n");
    }

    @Test
    void numbers_are_left_alone() {
        assertThat(line(new Number(new BigDecimal("-1.50"), true))).isEqualTo("-1.50,true\r\n");
    }

    @Test
    void formulas_are_texts() {
        assertThat(line(new Texts("=1+1", "-5"))).isEqualTo("'=1+1,'-5\r\n");
        assertThat(line(new Texts("\t=1", "\r=1"))).isEqualTo("'\t=1,\"'\r=1\"\r\n");
        assertThat(line(new Texts("\uFF1D1", "@a\"b"))).isEqualTo("'\uFF1D1,\"'@a\"\"b\"\r\n");
        assertThat(line(new Texts("'tis", "O'Neil a=b"))).isEqualTo("''tis,O'Neil a=b\r\n");
    }

    @Property
    void every_text_can_be_had_back(
            @ForAll @NotEmpty @Chars({'=', '+', '\'', '"', ',', '\r', '\n', 'a'}) String first,
            @ForAll String second) {
        List<String> cells = cells(line(new Texts(first, second)));
        assertThat(cells.stream().map(CsvTableTest::undone)).containsExactly(first, second);
        assertThat(cells)
                .noneMatch(
                        cell -> !cell.isEmpty() && CsvTable.DANGEROUS.indexOf(cell.charAt(0)) >= 0);
    }

    private static String undone(String cell) {
        return cell.startsWith("'") ? cell.substring(1) : cell;
    }

    /// The cells of a line, as RFC 4180 has them.
    private static List<String> cells(String line) {
        assertThat(line).endsWith("\r\n");
        String rest = line.substring(0, line.length() - 2);
        String[] cells = {"", ""};
        int at = 0;
        boolean isQuoted = false;
        for (int i = 0; i < rest.length(); i++) {
            char c = rest.charAt(i);
            boolean isEscaped = isQuoted && rest.startsWith("\"\"", i);
            if (isEscaped) {
                cells[at] += '"';
                i++;
            } else if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == ',' && !isQuoted) {
                at++;
            } else {
                cells[at] += c;
            }
        }
        return Arrays.asList(cells);
    }
}
