// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The key that makes its holder an administrator without anybody having said so before. It is made
/// at the first start, into a file that its owner alone can read, and is told once; afterwards only
/// its hash is in memory.
///
/// The nodes of a cluster take the key of the node that came first: it left the hash in their
/// database. With `--admin-key-file` each has its own copy of one key, and the database is not
/// asked.
final class AdminKey implements Authenticator {

    private static final Logger LOG = LoggerFactory.getLogger(AdminKey.class);

    /// The key's id, and its holder's name.
    static final String NAME = "admin";

    private static final String FILE = "admin.key";
    private static final String SHARED = "admin-key-sha256";
    private static final String WHAT = "admin key";
    private static final int SHORTEST = 32;
    private static final String BEGINNING = "fakta_" + NAME + "_";

    private final byte[] sha256;
    private final String news;

    private AdminKey(byte[] sha256, String news) {
        this.sha256 = sha256;
        this.news = news;
    }

    /// The key of a node.
    ///
    /// @throws IllegalArgumentException when a file that is named has none, or others can read it
    static AdminKey open(ServeOptions options, Microsystems microsystems) {
        Path named = options.adminKeyFile();
        return named == null
                ? own(options, microsystems)
                : new AdminKey(AccessKey.sha256(given(named)), "");
    }

    /// A key that somebody has made, perhaps of another form.
    private static String given(Path file) {
        String text =
                new String(new SecretFile(file, WHAT).readMounted(), StandardCharsets.UTF_8)
                        .strip();
        if (text.length() < SHORTEST || text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalArgumentException(
                    "%s: an admin key has %d characters or more, of ASCII and without spaces"
                            .formatted(file, SHORTEST));
        }
        if (text.startsWith(BEGINNING) && AccessKey.parse(text) == null) {
            throw new IllegalArgumentException(
                    file + ": this admin key was copied wrongly: its checksum does not fit");
        }
        return text;
    }

    private static AdminKey own(ServeOptions options, Microsystems microsystems) {
        Path file = options.data().resolve(FILE);
        AccessKey fresh = AccessKey.fresh(NAME);
        byte[] found =
                new SecretFile(file, WHAT)
                        .readOrMake(() -> (fresh.text() + "\n").getBytes(StandardCharsets.UTF_8));
        String text = new String(found, StandardCharsets.UTF_8).strip();
        AccessKey key = AccessKey.parse(text);
        if (key == null) {
            throw new IllegalArgumentException(
                    file + ": no admin key: delete it, and the next start makes one");
        }
        byte[] shared =
                options.sharedSecret(SHARED, microsystems, key::sha256).orElseGet(key::sha256);
        boolean isNew = text.equals(fresh.text());
        if (!MessageDigest.isEqual(shared, key.sha256())) {
            notOurs(file, isNew);
            return new AdminKey(shared, "");
        }
        return new AdminKey(
                shared,
                isNew
                        ? "admin key, shown this once: %s%n(kept in %s; send it as 'Authorization: Bearer KEY')%n"
                                .formatted(key.text(), file)
                        : "");
    }

    /// Another node has made the cluster's key.
    private static void notOurs(Path file, boolean isNew) {
        if (!isNew) {
            LOG.warn(
                    "{} is not the admin key of this cluster, which another node has made; --admin-key-file names one for all nodes",
                    file);
            return;
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " is of no use, and stays: " + e, e);
        }
    }

    /// What its finder is told of a new key; empty when it is not new.
    String news() {
        return news;
    }

    @Override
    public Verdict authenticate(Credentials credentials, Node node) {
        String text = credentials.bearer();
        if (text == null) {
            return new Verdict.OfAnotherKind();
        }
        if (MessageDigest.isEqual(AccessKey.sha256(text), sha256)) {
            return new Verdict.Known(Caller.named(NAME, CallerRole.ADMIN));
        }
        return text.startsWith(BEGINNING)
                ? wrong(AccessKey.parse(text))
                : new Verdict.OfAnotherKind();
    }

    private static Verdict wrong(@Nullable AccessKey key) {
        return new Verdict.Wrong(
                key == null
                        ? "This key was copied wrongly: its checksum does not fit."
                        : "This is not the admin key.");
    }
}
