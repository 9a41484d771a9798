// SPDX-License-Identifier: Apache-2.0
package dev.fakta.tidy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/// A finding that stands for a good reason.
record Allowed(String rule, String path, String reason) {

    Allowed {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("%s in %s needs a reason".formatted(rule, path));
        }
    }

    /// Reads `tidy-allowed.txt`.
    static List<Allowed> read() throws IOException {
        try (InputStream in = Allowed.class.getResourceAsStream("/tidy-allowed.txt")) {
            return parse(new String(Objects.requireNonNull(in).readAllBytes(), UTF_8));
        }
    }

    /// One exception a line: rule, path, reason. `#` starts a comment.
    static List<Allowed> parse(String text) {
        return text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> (line + "  ").split("\\s+", 3))
                .map(parts -> new Allowed(parts[0], parts[1], parts[2].strip()))
                .toList();
    }

    boolean covers(Finding finding) {
        return rule.equals(finding.rule()) && path.equals(finding.path());
    }
}
