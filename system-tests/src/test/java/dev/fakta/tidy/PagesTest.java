// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules about Markdown find planted faults.
final class PagesTest {

    @Nested
    final class Dead_links {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "[log](../log/Log.java)",
                    "[folder](../log)",
                    "![picture](./picture.svg)",
                    "[section](#the-log-its-file)",
                    "[other](other.md#part-2 \"title\")",
                    "[web](https://example.org/x)",
                    "`[code](nowhere)`",
                    "\n```\n[code](nowhere)\n```\n"
                })
        void a_link_that_leads_somewhere_is_left_alone(String link) {
            assertThat(linksOn(link)).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "[log](log/Log.java)",
                    "[a](missing.md)",
                    "![a](../missing.svg)",
                    "[a](#no-such-heading)",
                    "[a](other.md#part-3)"
                })
        void a_link_that_leads_nowhere_is_found(String link) {
            assertThat(linksOn("\n\n" + link)).extracting(Finding::line).containsExactly(5);
        }

        private static List<Finding> linksOn(String text) {
            return Links.check(
                    Tree.of(
                            new TextFile("docs/page.md", "# Page\n## The log, its `file`\n" + text),
                            new TextFile("docs/other.md", "## Part 2\n"),
                            new TextFile("docs/picture.svg", ""),
                            new TextFile("log/Log.java", "")));
        }
    }

    @Nested
    final class Regions {
        private static final String BLOCK =
                "```java\nint a = 1;\n\nif (a > 0) {\n    f();\n}\n```\n";
        private static final String MARK = "<!-- region: log/ATest.java#first -->\n";

        @Test
        void a_block_that_equals_its_region_is_left_alone() {
            assertThat(regionsOn(MARK + BLOCK)).isEmpty();
            assertThat(regionsOn(MARK + "\n" + BLOCK)).isEmpty();
        }

        @Test
        void a_block_that_differs_from_its_region_is_found() {
            assertThat(messagesOn(MARK + BLOCK.replace("= 1", "= 2")))
                    .containsExactly("Java block: differs from log/ATest.java#first");
        }

        @Test
        void a_block_whose_region_is_gone_is_found() {
            assertThat(messagesOn(MARK.replace("first", "second") + BLOCK))
                    .containsExactly("Java block: there is no region log/ATest.java#second");
            assertThat(messagesOn(MARK.replace("ATest", "BTest") + BLOCK))
                    .containsExactly("Java block: there is no region log/BTest.java#first");
        }

        @Test
        void a_block_that_names_no_region_is_found() {
            assertThat(messagesOn(MARK + "Words between.\n\n" + BLOCK))
                    .containsExactly("Java block: name its region: <!-- region: path#name -->");
        }

        @Test
        void other_languages_are_left_alone() {
            assertThat(regionsOn("```sh\n./fakta run\n```\n")).isEmpty();
        }

        private static List<String> messagesOn(String text) {
            return regionsOn(text).stream().map(Finding::message).toList();
        }

        private static List<Finding> regionsOn(String text) {
            String test =
                    """
                    class ATest {
                        void f() {
                            // region first
                            int a = 1;

                            if (a > 0) {
                                f();
                            }
                            // endregion
                        }
                    }
                    """;
            return DocRegions.check(
                    Tree.of(
                            new TextFile("docs/page.md", "# Page\n\n" + text),
                            new TextFile("log/ATest.java", test)));
        }
    }
}
