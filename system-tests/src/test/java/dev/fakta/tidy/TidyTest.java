// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// The repository keeps the house rules.
///
/// It begins first, as [ArrowsTest] does: to parse all sources needs a heap that is not full yet.
@Order(0)
final class TidyTest {

    /// Shares may only fall; see [PublicShare].
    private static final PublicShare PUBLIC_SHARE =
            new PublicShare(
                    Map.of(
                            "log",
                            PublicShare.GOAL,
                            "postgres",
                            PublicShare.GOAL,
                            "views",
                            PublicShare.GOAL,
                            "runtime",
                            PublicShare.GOAL,
                            "gateway",
                            PublicShare.GOAL));

    private static final List<Rule> RULES =
            Stream.concat(
                            BannedTokens.ALL.stream(),
                            Stream.of(
                                    BannedTokens.UNFINISHED,
                                    Headers::check,
                                    Sizes::files,
                                    Sizes::methods,
                                    Sizes::root,
                                    Naming::types,
                                    Naming::packages,
                                    PUBLIC_SHARE,
                                    Links::check,
                                    DocRegions::check))
                    .toList();

    /// Of the whole repository, looked at once for all tests.
    private static final List<Finding> FINDINGS = find();

    private static Tree read() {
        try {
            return Tree.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void the_repository_keeps_the_house_rules() throws IOException {
        List<Allowed> allowed = Allowed.read();
        assertThat(FINDINGS)
                .filteredOn(finding -> allowed.stream().noneMatch(one -> one.covers(finding)))
                .as("what is wrong, and what to do instead; exceptions go to tidy-allowed.txt")
                .isEmpty();
    }

    @Test
    void every_exception_is_still_needed() throws IOException {
        assertThat(Allowed.read())
                .filteredOn(one -> FINDINGS.stream().noneMatch(one::covers))
                .as("lines of tidy-allowed.txt that allow nothing any more")
                .isEmpty();
    }

    @Test
    void the_whole_repository_is_looked_at() {
        assertThat(read().files())
                .containsKeys(
                        "pom.xml", "fakta", ".ci/run", "domain/src/main/java/module-info.java")
                .allSatisfy((path, _) -> assertThat(path).doesNotContain("target/"));
    }

    private static List<Finding> find() {
        Tree tree = read();
        JavaSource.parseAll(tree.java().toList());
        return RULES.stream()
                .flatMap(rule -> rule.check(tree).stream())
                .sorted((a, b) -> a.toString().compareTo(b.toString()))
                .toList();
    }
}
