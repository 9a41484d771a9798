// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import static java.util.function.Predicate.not;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Tokens that Java code does without, each with what to write instead. Comments and literals may
/// name them.
record BannedTokens(String name, String tokens, Predicate<TextFile> where, String instead)
        implements Rule {

    private static final Predicate<TextFile> ANYWHERE = TextFile::isJava;
    private static final Predicate<TextFile> IN_PRODUCT = TextFile::isProduct;

    static final List<Rule> ALL =
            List.of(
                    ban(
                            "clock",
                            "System\\.currentTimeMillis|\\b(Instant|Local\\w+|Zoned\\w+|Offset\\w+)\\.now\\(\\)",
                            ANYWHERE,
                            "take the time from the command, or inject an InstantSource"),
                    ban(
                            "clock-source",
                            "\\b(InstantSource|Clock)\\.system",
                            IN_PRODUCT,
                            "inject an InstantSource; only where a program is put together is it made"),
                    ban(
                            "random",
                            "Math\\.random\\(|new Random\\(\\)",
                            ANYWHERE,
                            "use a RandomGenerator with a seed that is given"),
                    ban(
                            "sleep",
                            "\\bThread\\.sleep\\(",
                            ANYWHERE,
                            "wait for the event itself; Awaitility in tests, a timer in the engine"),
                    ban(
                            "stack-trace",
                            "\\.printStackTrace\\(",
                            ANYWHERE,
                            "let it propagate, or log it with what was being done"),
                    ban(
                            "stdout",
                            "\\bSystem\\.(out|err)\\b",
                            IN_PRODUCT,
                            "log; only a command's class prints, on a PrintStream that it is given"),
                    ban(
                            "thread-local",
                            "\\b(Inheritable)?ThreadLocal\\b",
                            ANYWHERE,
                            "pass a parameter, or bind a ScopedValue"),
                    ban(
                            "disabled-test",
                            "@(Disabled|Ignore)\\b",
                            ANYWHERE,
                            "repair the test or remove it"),
                    ban(
                            "library",
                            "\\bimport (static )?(lombok|io\\.vavr|org\\.immutables|org\\.mockito)\\b",
                            ANYWHERE,
                            "write a record, or a fake that keeps the real contract"),
                    ban(
                            "untyped-exception",
                            "\\bnew (RuntimeException|Exception|Throwable|Error)\\(",
                            ANYWHERE,
                            "a refusal is a Rejection; a failure has its type; a programmer's error is"
                                    + " an IllegalStateException or AssertionError"),
                    ban(
                            "silent-catch",
                            "catch \\((final )?(RuntimeException|Exception|Throwable)\\b[^)]*\\) *\\{\\s*}",
                            ANYWHERE,
                            "let it propagate, or count it in a named counter"));

    /// Notes of work to do belong to the issue tracker; they are looked for in comments.
    static final Rule UNFINISHED = BannedTokens::unfinished;

    private static final Pattern NOTE = Pattern.compile("\\b(TODO|FIXME|XXX|TBD)\\b");

    private static Rule ban(String name, String tokens, Predicate<TextFile> where, String instead) {
        return new BannedTokens(name, tokens, where, instead);
    }

    @Override
    public List<Finding> check(Tree tree) {
        Pattern pattern = Pattern.compile(tokens);
        return tree.all()
                .filter(where)
                .flatMap(file -> find(name, pattern, file, file.code(), "; " + instead))
                .toList();
    }

    private static List<Finding> unfinished(Tree tree) {
        Stream<Finding> inJava = tree.java().flatMap(file -> unfinished(file, file.comments()));
        Stream<Finding> elsewhere =
                tree.all()
                        .filter(not(TextFile::isJava))
                        .filter(Headers::isSource)
                        .flatMap(file -> unfinished(file, file.text()));
        Stream<Finding> inDocs = tree.markdown().flatMap(file -> unfinished(file, file.text()));
        return Stream.of(inJava, elsewhere, inDocs).flatMap(findings -> findings).toList();
    }

    private static Stream<Finding> unfinished(TextFile file, String text) {
        return find("unfinished", NOTE, file, text, "; finish it, or open an issue");
    }

    private static Stream<Finding> find(
            String rule, Pattern pattern, TextFile file, String text, String instead) {
        return pattern.matcher(text)
                .results()
                .map(
                        match ->
                                new Finding(
                                        rule,
                                        file.path(),
                                        TextFile.lineOf(text, match.start()),
                                        match.group().strip() + instead));
    }
}
