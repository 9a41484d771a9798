// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The repository keeps the house rules.
final class TidyTest {

    /// Shares may only fall; see [PublicShare].
    private static final PublicShare PUBLIC_SHARE =
            new PublicShare(
                    Map.of(
                            "log",
                            PublicShare.GOAL,
                            "postgres",
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

    @Test
    void the_repository_keeps_the_house_rules() throws IOException {
        List<Allowed> allowed = Allowed.read();
        assertThat(findings())
                .filteredOn(finding -> allowed.stream().noneMatch(one -> one.covers(finding)))
                .as("what is wrong, and what to do instead; exceptions go to tidy-allowed.txt")
                .isEmpty();
    }

    @Test
    void every_exception_is_still_needed() throws IOException {
        List<Finding> findings = findings();
        assertThat(Allowed.read())
                .filteredOn(one -> findings.stream().noneMatch(one::covers))
                .as("lines of tidy-allowed.txt that allow nothing any more")
                .isEmpty();
    }

    @Test
    void the_whole_repository_is_looked_at() throws IOException {
        assertThat(Tree.read().files())
                .containsKeys(
                        "pom.xml", "fakta", ".ci/run", "domain/src/main/java/module-info.java")
                .allSatisfy((path, _) -> assertThat(path).doesNotContain("target/"));
    }

    private static List<Finding> findings() throws IOException {
        Tree tree = Tree.read();
        return RULES.stream()
                .flatMap(rule -> rule.check(tree).stream())
                .sorted((a, b) -> a.toString().compareTo(b.toString()))
                .toList();
    }
}
