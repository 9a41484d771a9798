// SPDX-License-Identifier: Apache-2.0
package dev.fakta.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.View;
import dev.fakta.gateway.Fakta;
import dev.fakta.orders.Main;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Order(1)
final class FailedStartTest {

    @TempDir Path data;

    /// A program whose routes need a class that is not there.
    static final class Incomplete {
        public static void main(String[] args) {
            Fakta.run(
                    args,
                    Microsystem.named("incomplete"),
                    _ -> {
                        throw new NoClassDefFoundError("missing");
                    });
        }
    }

    @Test
    void a_process_whose_port_is_taken_ends_and_leaves_nothing_behind() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> ServerProcess.start(data, "--port", port).close())
                    .withMessageContaining("ended with status 1 before it was ready")
                    .withMessageContaining("fakta: cannot listen on 127.0.0.1:" + port);
        }
        assertThat(data.resolve("log")).doesNotExist();
    }

    @Test
    void a_process_whose_host_is_not_of_this_machine_ends() {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(
                        () ->
                                ServerProcess.start(
                                                List.of(Main.class.getName(), "run"),
                                                data,
                                                "--insecure-http",
                                                "--host",
                                                "192.0.2.1")
                                        .close())
                .withMessageContaining("ended with status 1 before it was ready")
                .withMessageContaining("fakta: cannot listen on 192.0.2.1:0");
        assertThat(data.resolve("log")).doesNotExist();
    }

    @Test
    void a_process_without_its_certificate_ends_before_anything_is_started() {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(
                        () ->
                                ServerProcess.start(
                                                data,
                                                "--tls-certificate",
                                                "no.crt",
                                                "--tls-key",
                                                "no.key")
                                        .close())
                .withMessageContaining("ended with status 1 before it was ready")
                .withMessageContaining("fakta: --tls-certificate: there is no file no.crt");
        assertThat(data.resolve("log")).doesNotExist();
    }

    /// A program whose view has the statement that its first argument is.
    static final class WithView {
        public static void main(String[] args) {
            View view =
                    View.named("doors")
                            .table("create table door (id text primary key)")
                            .table(args[0]);
            Fakta.run(
                    Arrays.copyOfRange(args, 1, args.length),
                    Microsystem.named("doors").with(view),
                    _ -> {});
        }
    }

    private ServerProcess startWithView(String table) throws Exception {
        return ServerProcess.start(List.of(WithView.class.getName(), table), data);
    }

    @Test
    void a_process_whose_view_has_a_typo_ends_and_starts_when_it_is_mended() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> startWithView("create indexx by_id on door (id)").close())
                    .withMessageContaining("ended with status 1 before it was ready")
                    .withMessageContaining(
                            "fakta: view doors version 1 fails on: create indexx by_id on door (id): ")
                    .withMessageContaining("syntax error");
        }
        try (ServerProcess mended = startWithView("create index by_id on door (id)")) {
            assertThat(mended.stop()).isZero();
        }
    }

    @Test
    void a_process_whose_view_file_is_damaged_says_so_and_fills_it_again_once_it_is_deleted()
            throws Exception {
        String index = "create index by_id on door (id)";
        startWithView(index).close();
        Path file = data.resolve("views").resolve("doors-1.db");
        Files.deleteIfExists(file.resolveSibling("doors-1.db-wal"));
        Files.writeString(file, "no database ".repeat(1_000));
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> startWithView(index).close())
                .withMessageContaining("ended with status 1 before it was ready")
                .withMessageContaining("fakta: view doors version 1 cannot open " + file)
                .withMessageContaining("stop the node and delete it");
        Files.delete(file);
        try (ServerProcess again = startWithView(index)) {
            assertThat(again.stop()).isZero();
        }
    }

    @Test
    void a_process_whose_data_directory_is_a_file_says_so() throws Exception {
        Path file = Files.writeString(data.resolve("taken"), "a file");
        List<String> withView = List.of(WithView.class.getName(), "create table x (id text)");
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> ServerProcess.start(withView, file).close())
                .withMessageContaining("ended with status 1 before it was ready")
                .withMessageContaining("cannot open the logs in " + file.resolve("log") + ": ")
                .withMessageContaining("Not a directory");
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> ServerProcess.start(file).close())
                .withMessageContaining("ended with status 1 before it was ready")
                .withMessageContaining("the sandbox's ledger cannot be opened: ")
                .withMessageContaining("Not a directory");
    }

    @Test
    void a_process_whose_database_is_away_ends_in_a_sentence_without_the_password()
            throws Exception {
        int free;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = closed.getLocalPort();
        }
        String place = "jdbc:postgresql://127.0.0.1:" + free + "/fakta";
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(
                        () ->
                                ServerProcess.start(
                                                data,
                                                "--postgres",
                                                place + "?user=ada&password=s3cret")
                                        .close())
                .withMessageContaining("ended with status 1 before it was ready")
                .withMessageMatching("(?s).*fakta: [^\\n]*127.0.0.1:" + free + "[^\\n]*refused.*")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    }

    /// As a server does that hangs, or something that is no database.
    @Test
    void a_process_whose_database_takes_connections_and_says_nothing_ends_by_itself()
            throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "jdbc:postgresql://127.0.0.1:%d/fakta".formatted(silent.getLocalPort());
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> ServerProcess.start(data, "--postgres", url).close())
                    .withMessageContaining("ended with status 1 before it was ready")
                    .withMessageContaining("cannot open the logs in 127.0.0.1:");
        }
    }

    @Test
    void a_process_that_meets_an_error_at_its_start_ends() {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(
                        () -> {
                            try (var _ =
                                    ServerProcess.start(
                                            List.of(Incomplete.class.getName()), data)) {
                                throw new AssertionError("it serves");
                            }
                        })
                .withMessageContaining("ended with status 1 before it was ready");
    }
}
