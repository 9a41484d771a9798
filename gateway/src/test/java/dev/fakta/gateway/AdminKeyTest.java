// SPDX-License-Identifier: Apache-2.0
package dev.fakta.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.gateway.Authenticator.Credentials;
import dev.fakta.gateway.Authenticator.Verdict;
import dev.fakta.log.EventLog;
import dev.fakta.log.MemoryLog;
import dev.fakta.postgres.server.ThrowawayPostgres;
import dev.fakta.runtime.Microsystems;
import dev.fakta.runtime.Node;
import dev.fakta.runtime.NodeSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class AdminKeyTest {

    private static final Microsystems MICROSYSTEMS =
            new Microsystems(List.of(Everything.MICROSYSTEM));
    private static final String LONG = "0123456789abcdef0123456789abcdef";
    private static final EventLog LOG = MemoryLog.create(4);
    private static Node node;

    @TempDir Path data;

    @Command(name = "node")
    private static final class Program {
        @Mixin private ServeOptions options;
    }

    @BeforeAll
    static void open(@TempDir Path directory) {
        node =
                Node.start(
                        NodeSettings.embedded(directory),
                        Everything.MICROSYSTEM,
                        LOG,
                        InstantSource.system());
    }

    @AfterAll
    static void close() {
        node.close();
        LOG.close();
    }

    /// @param name of the node, and of its folder
    private ServeOptions options(String name, String... more) {
        Program program = new Program();
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(List.of("--data", data.resolve(name).toString()));
        new CommandLine(program).parseArgs(all.toArray(String[]::new));
        return program.options;
    }

    private AdminKey key(String name, String... more) {
        return Objects.requireNonNull(options(name, more).adminKey(MICROSYSTEMS));
    }

    private static String told(AdminKey key) {
        return key.news().replaceFirst("(?s)admin key, shown this once: (\\S+)\n.*", "$1");
    }

    private static Verdict judged(AdminKey key, String bearer) {
        return key.authenticate(
                new Credentials(
                        header -> header.equals("Authorization") ? "Bearer " + bearer : null),
                node);
    }

    private static boolean opens(AdminKey key, String bearer) {
        return judged(key, bearer)
                .equals(new Verdict.Known(Caller.named("admin", CallerRole.ADMIN)));
    }

    private Path file(String name) {
        return data.resolve(name).resolve("admin.key");
    }

    private void refuses(String message, String... more) {
        assertThatExceptionOfType(ParameterException.class)
                .isThrownBy(() -> key("a", more))
                .withMessageStartingWith("--admin-key-file: ")
                .withMessageContaining(message);
    }

    private Path given(String text, String permissions) throws IOException {
        Path file = Files.writeString(data.resolve("given"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void it_is_made_and_told_once() throws IOException {
        AdminKey made = key("a");
        AdminKey again = key("a");

        assertThat(again.news()).isEmpty();
        assertThat(made.news()).contains(file("a").toString());
        assertThat(Files.readString(file("a"))).isEqualTo(told(made) + "\n");
        assertThat(opens(made, told(made))).isTrue();
        assertThat(opens(again, told(made))).isTrue();
        assertThat(opens(key("b"), told(made))).isFalse();
    }

    @Test
    void its_file_is_for_its_owner_alone() throws IOException {
        key("a");
        assertThat(Files.getPosixFilePermissions(file("a")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));

        Files.setPosixFilePermissions(file("a"), PosixFilePermissions.fromString("rw-r-----"));
        refuses("others than its owner can use this admin key (rw-r-----)");
    }

    @Test
    void a_key_that_is_not_it_is_refused_without_being_repeated() {
        AdminKey key = key("a");
        String other = AccessKey.fresh("admin").text();
        String torn = other.substring(0, other.length() - 1) + '!';

        assertThat(judged(key, other)).isEqualTo(new Verdict.Wrong("This is not the admin key."));
        assertThat(judged(key, torn))
                .isEqualTo(
                        new Verdict.Wrong(
                                "This key was copied wrongly: its checksum does not fit."));
        assertThat(judged(key, AccessKey.fresh("other").text()))
                .isEqualTo(new Verdict.OfAnotherKind());
        assertThat(key.authenticate(new Credentials(_ -> null), node))
                .isEqualTo(new Verdict.OfAnotherKind());
    }

    @Test
    void the_nodes_of_a_cluster_take_the_key_of_the_first() {
        String[] cluster = {"--postgres", ThrowawayPostgres.database()};
        AdminKey first = key("a", cluster);
        AdminKey second = key("b", cluster);

        assertThat(second.news()).isEmpty();
        assertThat(file("b")).doesNotExist();
        assertThat(opens(second, told(first))).isTrue();
        assertThat(opens(key("a", cluster), told(first))).isTrue();
    }

    @Nested
    class A_file_that_is_named {

        @Test
        void has_the_key_and_its_group_may_read_it() throws IOException {
            Path file = given(LONG + "\n", "rw-r-----");
            AdminKey key = key("a", "--admin-key-file", file.toString());

            assertThat(key.news()).isEmpty();
            assertThat(opens(key, LONG)).isTrue();
            assertThat(opens(key, LONG + "\n")).isTrue();
            assertThat(opens(key, LONG + "0")).isFalse();
            assertThat(file("a")).doesNotExist();
        }

        @Test
        void is_refused_when_it_is_no_key() throws IOException {
            String torn = AccessKey.fresh("admin").text().replaceFirst(".$", "!");
            refuses("there is no such file", "--admin-key-file", data.resolve("none").toString());
            refuses(
                    "32 characters or more",
                    "--admin-key-file",
                    given(LONG.substring(1), "rw-------").toString());
            refuses(
                    "its checksum does not fit",
                    "--admin-key-file",
                    given(torn, "rw-------").toString());
            refuses(
                    "others than its owner can use this admin key (rw-r--r--)",
                    "--admin-key-file",
                    given(LONG, "rw-r--r--").toString());
        }
    }

    @Nested
    class An_access_key {

        @Test
        void is_known_by_its_form() {
            AccessKey key = AccessKey.fresh("k1");

            assertThat(key.text()).matches("fakta_k1_[0-9A-Za-z]{49}");
            assertThat(AccessKey.parse(key.text())).isEqualTo(key);
            assertThat(key.sha256())
                    .hasSize(32)
                    .isEqualTo(AccessKey.sha256(key.text()))
                    .isNotEqualTo(AccessKey.fresh("k1").sha256());
        }

        @Test
        void that_was_copied_wrongly_is_none() {
            String text = AccessKey.fresh("k1").text();
            for (int i = 0; i < text.length(); i++) {
                char other = text.charAt(i) == '0' ? '1' : '0';
                String wrong = text.substring(0, i) + other + text.substring(i + 1);
                assertThat(AccessKey.parse(wrong)).as(wrong).isNull();
            }
            assertThat(AccessKey.parse(text + "0")).isNull();
        }

        @Test
        void does_not_come_into_messages() {
            assertThat(AccessKey.fresh("k1")).hasToString("key k1");
            assertThat(new Credentials(_ -> LONG)).hasToString("Credentials");
        }
    }

    @Nested
    class A_server {

        private void refuses(String message, String... more) {
            assertThatExceptionOfType(ParameterException.class)
                    .isThrownBy(() -> options("a", more).gateway())
                    .withMessageStartingWith(message);
        }

        @Test
        void that_trusts_its_callers_has_no_key_and_is_on_loopback() {
            ServeOptions trusted = options("a", "--trusted");

            assertThat(trusted.adminKey(MICROSYSTEMS)).isNull();
            assertThat(file("a")).doesNotExist();
            assertThat(trusted.gateway().trusted()).isEqualTo(Caller.trusted());
            assertThat(options("a").gateway().trusted()).isNull();
            refuses("--trusted: only on a loopback", "--trusted", "--host", "0.0.0.0");
            refuses(
                    "--trusted: only on a loopback",
                    "--trusted",
                    "--insecure-http",
                    "--host",
                    "0.0.0.0");
        }

        @Test
        void that_others_reach_says_that_it_does_not_encrypt() {
            refuses(
                    "--host: other machines would send their keys to 0.0.0.0 unencrypted",
                    "--host",
                    "0.0.0.0");
            assertThat(options("a", "--host", "0.0.0.0", "--insecure-http").gateway().host())
                    .isEqualTo("0.0.0.0");
            assertThat(options("a", "--host", "::1").gateway().host()).isEqualTo("::1");
        }
    }

    @Test
    void a_torn_file_says_what_to_do() throws IOException {
        Files.createDirectories(data.resolve("a"));
        Files.write(file("a"), "torn".getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file("a"), PosixFilePermissions.fromString("rw-------"));
        refuses("no admin key: delete it, and the next start makes one");
    }
}
