// SPDX-License-Identifier: Apache-2.0
package dev.fakta.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a slice of an application costs in lines of code: those that are not blank, not a comment,
/// not an import and not a package statement.
final class SliceBudgetTest {

    private static final Path HERE = Path.of("src/test/java/dev/fakta/example");
    private static final List<String> SLICE = List.of("GiftCard.java", "GiftCards.java");
    private static final String FURTHER_COMMAND = "// region further-command";

    @Test
    void a_slice_takes_120_lines_in_4_files_at_most() throws IOException {
        int lines = 0;
        for (String file : SLICE) {
            lines += code(Files.readAllLines(HERE.resolve(file))).size();
        }
        System.out.printf("slice: %d lines of code in %d files%n", lines, SLICE.size());
        assertThat(lines).as("lines").isBetween(50, 120);
        assertThat(SLICE).as("files").hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void a_further_command_takes_25_lines_in_3_files_at_most() throws IOException {
        int lines = 0;
        int files = 0;
        for (String file : SLICE) {
            int here = code(furtherCommand(Files.readAllLines(HERE.resolve(file)))).size();
            lines += here;
            files += here > 0 ? 1 : 0;
        }
        System.out.printf("further command: %d lines of code in %d files%n", lines, files);
        assertThat(lines).as("lines").isBetween(5, 25);
        assertThat(files).as("files").isBetween(1, 3);
    }

    private static List<String> code(List<String> lines) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("//"))
                .filter(line -> !line.startsWith("import ") && !line.startsWith("package "))
                .toList();
    }

    private static List<String> furtherCommand(List<String> lines) {
        List<String> marked = new ArrayList<>();
        boolean isMarked = false;
        for (String line : lines) {
            if (line.strip().equals(FURTHER_COMMAND)) {
                isMarked = true;
            } else if (line.strip().startsWith("// endregion")) {
                isMarked = false;
            } else if (isMarked) {
                marked.add(line);
            }
        }
        return marked;
    }
}
