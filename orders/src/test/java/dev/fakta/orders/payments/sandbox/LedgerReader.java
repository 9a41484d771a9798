// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.payments.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// Reads the sandbox's ledger over HTTP, as a check from outside does.
final class LedgerReader {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private LedgerReader() {}

    static List<Account.Sums> read(URI uri) {
        try (var body = uri.toURL().openStream()) {
            String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            List<Account.Sums> all = new ArrayList<>();
            JSON.readTree(text)
                    .path("payments")
                    .forEach(one -> all.add(JSON.treeToValue(one, Account.Sums.class)));
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
