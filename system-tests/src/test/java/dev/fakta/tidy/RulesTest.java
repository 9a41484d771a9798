// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each rule finds a planted fault, and leaves alone what only looks like one.
final class RulesTest {

    private static final String MAIN = "log/src/main/java/dev/fakta/log/Probe.java";
    private static final String TEST = "log/src/test/java/dev/fakta/log/ProbeTest.java";

    @Nested
    final class Tokens {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                textBlock =
                        """
                        clock             | long t = System.currentTimeMillis();
                        clock             | Instant t = Instant.now();
                        clock             | var t = LocalDate.now();
                        clock-source      | InstantSource s = InstantSource.system();
                        random            | double d = Math.random();
                        random            | var r = new Random();
                        sleep             | Thread.sleep(5);
                        stack-trace       | e.printStackTrace();
                        stdout            | System.out.println(1);
                        stdout            | System.err.println(1);
                        thread-local      | ThreadLocal<String> name;
                        disabled-test     | @Disabled void test() {}
                        library           | import lombok.Data;
                        library           | import static org.mockito.Mockito.mock;
                        untyped-exception | throw new RuntimeException("no stock");
                        silent-catch      | try { f(); } catch (Exception ignored) { }
                        silent-catch      | try { f(); } catch (Throwable _) {}
                        """)
        void a_banned_token_is_found_by_its_rule(String rule, String line) {
            assertThat(tokens(MAIN, "\n\n" + line)).extracting(Finding::rule).containsExactly(rule);
            assertThat(tokens(MAIN, "\n\n" + line)).extracting(Finding::line).containsExactly(3);
        }

        @Test
        void the_message_names_the_replacement() {
            assertThat(tokens(MAIN, "Instant.now()"))
                    .first()
                    .hasToString(
                            MAIN
                                    + ":1: [clock] Instant.now(); take the time from the command, or"
                                    + " inject an InstantSource");
        }

        @Test
        void comments_and_literals_may_name_a_token() {
            String quotes = "\"\"\"";
            assertThat(tokens(MAIN, "/// never Thread.sleep(1)\n/* Instant.now() */ int a;"))
                    .isEmpty();
            assertThat(tokens(MAIN, "String s = \"a \\\" Thread.sleep(1)\"; char c = '\"';"))
                    .isEmpty();
            assertThat(tokens(MAIN, "var s = " + quotes + "\nThread.sleep(1) \" \n" + quotes))
                    .isEmpty();
        }

        @Test
        void code_behind_a_literal_is_code_again() {
            assertThat(tokens(MAIN, "f(\"//\"); Thread.sleep(1); // slow")).hasSize(1);
            assertThat(tokens(MAIN, "f('\"'); Thread.sleep(1); g('\"');")).hasSize(1);
        }

        @Test
        void a_test_may_print_and_measure() {
            assertThat(tokens(TEST, "System.out.println(System.nanoTime());")).isEmpty();
        }

        @Test
        void look_alikes_are_left_alone() {
            assertThat(tokens(MAIN, "clock.instant(); ThreadLocalRandom.current(); new Random(7);"))
                    .isEmpty();
            assertThat(tokens(MAIN, "try { f(); } catch (LogException fenced) { stop(); }"))
                    .isEmpty();
        }

        @Test
        void a_note_of_unfinished_work_is_found_in_comments_scripts_and_pages() {
            String note = "TO" + "DO";
            assertThat(unfinished(MAIN, "int a; // " + note + " later")).hasSize(1);
            assertThat(unfinished("fakta", "# " + note)).hasSize(1);
            assertThat(unfinished("docs/page.md", "Guarantees: TB" + "D")).hasSize(1);
            assertThat(unfinished(MAIN, "String s = \"" + note + "\";")).isEmpty();
        }

        private static List<Finding> tokens(String path, String text) {
            Tree tree = tree(path, text);
            return BannedTokens.ALL.stream().flatMap(rule -> rule.check(tree).stream()).toList();
        }

        private static List<Finding> unfinished(String path, String text) {
            return BannedTokens.UNFINISHED.check(tree(path, text));
        }
    }

    @Nested
    final class Lengths {
        @Test
        void a_file_of_more_than_600_lines_is_too_long() {
            assertThat(Sizes.files(tree(MAIN, "\n".repeat(600)))).isEmpty();
            assertThat(Sizes.files(tree(MAIN, "\n".repeat(601)))).hasSize(1);
        }

        @Test
        void the_front_pages_have_their_own_limits() {
            assertThat(Sizes.files(tree("README.md", "\n".repeat(81)))).hasSize(1);
            assertThat(Sizes.files(tree("CONTRIBUTING.md", "\n".repeat(61)))).hasSize(1);
            assertThat(Sizes.files(tree("docs/README.md", "\n".repeat(81)))).isEmpty();
        }

        @Test
        void a_method_of_more_than_70_lines_is_too_long() {
            String fits = "class Probe {\n  /// Doc.\n  void f() {" + "\n".repeat(69) + "}\n}";
            assertThat(Sizes.methods(tree(MAIN, fits))).isEmpty();
            assertThat(Sizes.methods(tree(MAIN, fits.replace("f() {", "f() {\n"))))
                    .extracting(Finding::line)
                    .containsExactly(3);
        }

        @Test
        void a_root_of_more_than_25_entries_is_too_full() {
            assertThat(Sizes.root(withRootEntries(25))).isEmpty();
            assertThat(Sizes.root(withRootEntries(26))).hasSize(1);
        }

        private static Tree withRootEntries(int count) {
            TextFile[] files = new TextFile[count];
            for (int i = 0; i < count; i++) {
                files[i] = new TextFile("folder" + i + "/a.md", "");
            }
            return Tree.of(files);
        }
    }

    @Nested
    final class Names {
        @ParameterizedTest
        @CsvSource({
            "OrderManager",
            "LogHelper",
            "StringUtils",
            "Util",
            "LogImpl",
            "AbstractLog",
            "BaseWriter",
            "DefaultLog"
        })
        void a_name_that_says_nothing_is_found(String name) {
            assertThat(Naming.types(tree(MAIN, "class Outer { interface " + name + " {} }")))
                    .hasSize(1);
        }

        @ParameterizedTest
        @CsvSource({"SegmentLog", "Basement", "Base64Codec", "Management", "Implied"})
        void a_name_that_says_something_is_left_alone(String name) {
            assertThat(Naming.types(tree(MAIN, "record " + name + "() {}"))).isEmpty();
        }

        @Test
        void a_package_that_says_nothing_is_found() {
            assertThat(Naming.packages(tree("log/src/main/java/dev/fakta/log/impl/A.java", "")))
                    .hasSize(1);
            assertThat(Naming.packages(tree("log/src/main/java/module-info.java", ""))).isEmpty();
            assertThat(Naming.packages(tree(MAIN, ""))).isEmpty();
        }
    }

    @Nested
    final class Public_share {
        private static final TextFile SHOWN = new TextFile(MAIN, "public class Shown {}");
        private static final TextFile HIDDEN =
                new TextFile(
                        "log/src/main/java/Hidden.java", "class Hidden { public class In {} }");

        @Test
        void a_share_above_the_ceiling_is_too_much() {
            assertThat(withCeiling(50).check(Tree.of(SHOWN))).hasSize(1);
            assertThat(withCeiling(50).check(Tree.of(SHOWN, HIDDEN))).isEmpty();
        }

        @Test
        void a_share_below_the_ceiling_lowers_it() {
            assertThat(withCeiling(80).check(Tree.of(SHOWN, HIDDEN)))
                    .extracting(Finding::message)
                    .first()
                    .asString()
                    .endsWith("lower the ceiling from 80 to 50");
        }

        @Test
        void the_ceiling_never_falls_below_the_goal() {
            assertThat(withCeiling(50).check(Tree.of(HIDDEN))).isEmpty();
        }

        private static PublicShare withCeiling(int percent) {
            return new PublicShare(Map.of("log", percent));
        }
    }

    @Nested
    final class Headers_and_exceptions {
        @Test
        void a_source_without_its_licence_is_found() {
            assertThat(Headers.check(tree(MAIN, "package a;"))).hasSize(1);
            assertThat(Headers.check(tree("fakta", "#!/bin/sh\n"))).hasSize(1);
            assertThat(Headers.check(tree("a/pom.xml", "<project/>"))).hasSize(1);
            assertThat(Headers.check(tree("docs/page.md", "# Page"))).isEmpty();
            assertThat(Headers.check(tree(MAIN, "// SPDX-License-Identifier: Apache-2.0\n")))
                    .isEmpty();
        }

        @Test
        void an_exception_covers_one_rule_in_one_file() {
            Allowed one =
                    Allowed.parse("# why\n\nstdout  a/A.java  prints the answer\n").getFirst();
            assertThat(one).isEqualTo(new Allowed("stdout", "a/A.java", "prints the answer"));
            assertThat(one.covers(new Finding("stdout", "a/A.java", 7, ""))).isTrue();
            assertThat(one.covers(new Finding("clock", "a/A.java", 7, ""))).isFalse();
            assertThat(one.covers(new Finding("stdout", "a/B.java", 7, ""))).isFalse();
        }

        @Test
        void an_exception_needs_a_reason() {
            assertThatThrownBy(() -> Allowed.parse("stdout a/A.java"))
                    .hasMessage("stdout in a/A.java needs a reason");
        }
    }

    private static Tree tree(String path, String text) {
        return Tree.of(new TextFile(path, text));
    }
}
