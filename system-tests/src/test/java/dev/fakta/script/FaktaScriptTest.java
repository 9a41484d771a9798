// SPDX-License-Identifier: Apache-2.0
package dev.fakta.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fakta.script.Checkout.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./fakta`, run in a checkout of its own.
@Order(1)
final class FaktaScriptTest {

    private Checkout checkout;

    @BeforeEach
    void check_out(@TempDir Path folder) throws IOException {
        // The script resolves links; a temporary folder may lie behind one.
        checkout = new Checkout(folder.toRealPath());
    }

    @Nested
    final class Usage {
        @Test
        void no_command_and_help_print_the_usage_to_stdout() throws Exception {
            for (String[] arguments : List.of(new String[0], words("help"), words("--help"))) {
                Run run = checkout.run(arguments);
                assertThat(run.status()).isZero();
                assertThat(run.out()).first().asString().startsWith("usage: ./fakta COMMAND");
                assertThat(run.err()).isEmpty();
            }
        }

        @Test
        void an_unknown_command_is_wrong_usage() throws Exception {
            Run run = checkout.run("rum");
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).contains("unknown command: rum", "usage: ./fakta COMMAND");
        }

        @Test
        void version_is_that_of_the_root_pom_and_needs_no_jdk() throws Exception {
            assertThat(checkout.run("version").out()).containsExactly("fakta 1.2.3");
        }
    }

    @Nested
    final class Finding_a_jdk {
        @Test
        void fakta_java_home_comes_before_java_home() throws Exception {
            checkout.with("FAKTA_JAVA_HOME", checkout.jdk("mine", "26"));
            checkout.with("JAVA_HOME", checkout.jdk("yours", "25.0.3"));
            assertThat(checkout.run("run").out()).contains("java 26");
        }

        @Test
        void a_fakta_java_home_that_is_too_old_is_an_error() throws Exception {
            checkout.with("FAKTA_JAVA_HOME", checkout.jdk("mine", "17.0.1"));
            checkout.with("JAVA_HOME", checkout.jdk("yours", "25"));
            Run run = checkout.run("run");
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err()).contains("FAKTA_JAVA_HOME=", "is no JDK 25 or newer");
        }

        @Test
        void a_java_home_that_is_too_old_gives_way_to_the_path() throws Exception {
            checkout.with("JAVA_HOME", checkout.jdk("old", "17.0.1"));
            checkout.onThePath(checkout.jdk("on-path", "25.0.3"));
            assertThat(checkout.run("run").out()).contains("java 25.0.3");
        }

        @Test
        void a_path_that_is_too_old_gives_way_to_the_folders_of_jdks() throws Exception {
            checkout.onThePath(checkout.jdk("on-path", "1.8.0_402"));
            checkout.jdk("jdks/a-17", "17");
            checkout.jdk("jdks/b-25", "25");
            assertThat(checkout.run("run").out()).contains("java 25");
        }

        @Test
        void a_bundle_of_macos_has_its_home_inside() throws Exception {
            checkout.jdk("jdks/temurin-25.jdk/Contents/Home", "25");
            assertThat(checkout.run("run").out()).contains("java 25");
        }

        @Test
        void a_runtime_without_a_compiler_does_not_do() throws Exception {
            Files.delete(checkout.jdk("jdks/jre", "25").resolve("bin/javac"));
            assertThat(checkout.run("run").status()).isEqualTo(1);
        }

        @Test
        void when_there_is_none_it_says_what_to_install() throws Exception {
            Run run = checkout.run("run");
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err())
                    .contains("found no JDK 25 or newer", "brew install", "apt install")
                    .contains("FAKTA_JAVA_HOME=/path/to/jdk ./fakta");
        }
    }

    @Nested
    final class Building {
        @BeforeEach
        void install_a_jdk() throws IOException {
            checkout.jdk("jdks/25", "25");
        }

        @Test
        void a_fresh_checkout_is_built_with_the_wrapper_and_the_jdk_found() throws Exception {
            Run run = checkout.run("run");
            assertThat(run.err()).isEqualTo("building orders ... (log: target/build.log)\n");
            assertThat(checkout.builds()).hasSize(1);
            assertThat(checkout.builds().getFirst())
                    .startsWith("mvnw ")
                    .contains("/jdks/25 ", "-Pfast -Dmaven.test.skip -pl orders -am package");
        }

        @Test
        void nothing_is_built_again_while_nothing_changes() throws Exception {
            checkout.run("run");
            Run second = checkout.run("log", "verify");
            assertThat(second.err()).isEmpty();
            assertThat(checkout.builds()).hasSize(1);
        }

        @Test
        void a_changed_source_is_built() throws Exception {
            checkout.run("run");
            checkout.write("orders/src/main/java/Main.java", "class Main { int changed; }\n");
            checkout.run("run");
            assertThat(checkout.builds()).hasSize(2);
        }

        @Test
        void a_deleted_source_is_noticed() throws Exception {
            checkout.run("run");
            Files.delete(checkout.root().resolve("orders/src/main/java/Main.java"));
            checkout.run("run");
            assertThat(checkout.builds()).hasSize(2);
        }

        @Test
        void a_changed_test_is_no_reason_to_build() throws Exception {
            checkout.run("run");
            checkout.write("orders/src/test/java/MainTest.java", "class MainTest {}\n");
            touchNow(checkout.root().resolve("orders/src/test"));
            checkout.run("run");
            assertThat(checkout.builds()).hasSize(1);
        }

        @Test
        void starts_at_the_same_time_share_one_build() throws Exception {
            start_at_the_same_time(6);
            assertThat(checkout.builds()).hasSize(1);
        }

        @Test
        void a_build_that_died_does_not_block_the_next() throws Exception {
            Path target = Files.createDirectories(checkout.root().resolve("target"));
            Files.createSymbolicLink(target.resolve("lock"), Path.of("999999999"));
            start_at_the_same_time(6);
            assertThat(checkout.builds()).hasSize(1);
            assertThat(target).isDirectoryNotContaining("glob:**lock*");
        }

        private void start_at_the_same_time(int count) throws Exception {
            List<Checkout.Started> starts = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                starts.add(checkout.started("run"));
            }
            for (Checkout.Started start : starts) {
                Run run = start.end();
                assertThat(run.status()).as(run.err()).isZero();
            }
        }

        @Test
        void a_failed_build_shows_its_errors_and_is_tried_again() throws Exception {
            Run run = checkout.with("BROKEN_CODE", "yes").run("run");
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).contains("[ERROR] a fault", "target/build.log");
            assertThat(run.err()).doesNotContain("[INFO]");
            assertThat(checkout.with("BROKEN_CODE", "").run("run").status()).isZero();
        }

        @Test
        void mvn_takes_over_when_the_wrapper_cannot_fetch_maven() throws Exception {
            checkout.installMvn();
            checkout.with("BROKEN_mvnw", "yes").run("run");
            assertThat(checkout.builds()).hasSize(1).first().asString().startsWith("mvn ");
        }

        @Test
        void without_wrapper_and_mvn_it_says_what_to_do() throws Exception {
            Run run = checkout.with("BROKEN_mvnw", "yes").run("run");
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err()).contains("no network", "install Maven 3.8.6 or newer");
        }

        @Test
        void the_peers_are_built_when_they_are_measured_and_not_else() throws Exception {
            checkout.run("bench", "--list");
            checkout.run("bench", "log", "--seconds", "1");
            assertThat(checkout.builds()).hasSize(1);
            checkout.run("bench", "log", "peers");
            checkout.run("bench");
            assertThat(checkout.builds()).hasSize(3);
            assertThat(checkout.builds().get(1)).contains("-pl benchmarks/peers/spring-jpa -am");
            assertThat(checkout.builds().get(2)).contains("-pl benchmarks/peers/pekko-jdbc -am");
        }

        @Test
        void only_a_peers_own_change_is_a_reason_to_build_it() throws Exception {
            checkout.run("bench");
            checkout.write("benchmarks/peers/pekko-jdbc/src/main/java/Main.java", "class Main {}");
            checkout.run("bench");
            assertThat(checkout.builds()).hasSize(4);
            checkout.write("orders/src/main/java/Main.java", "class Main { int changed; }\n");
            checkout.run("bench");
            assertThat(checkout.builds()).hasSize(5);
            assertThat(checkout.builds().getLast()).contains("-pl benchmarks -am");
        }

        @Test
        void test_runs_all_checks_and_passes_arguments_on() throws Exception {
            Run run = checkout.run("test", "-pl", "log");
            assertThat(run.status()).isZero();
            assertThat(checkout.builds()).hasSize(1);
            assertThat(checkout.builds().getFirst())
                    .endsWith("-B -ntp -T 3 -Dfakta.all verify -pl log");
            assertThat(run.out()).contains("the slowest test classes, in seconds:");
        }

        @Test
        void the_long_test_repeats_what_has_rounds_and_has_all_warnings() throws Exception {
            checkout.run("test", "--long", "-pl", "log");
            assertThat(checkout.builds().getFirst())
                    .endsWith(
                            "-B -ntp -T 3 -Dfakta.all verify -Dfakta.long=true -Derrorprone.warnings= -pl log");
        }
    }

    @Nested
    final class Starting {
        @BeforeEach
        void install_a_jdk() throws IOException {
            checkout.jdk("jdks/25", "25");
        }

        @Test
        void arguments_reach_the_main_class_as_they_are() throws Exception {
            List<String> out = checkout.run("run", "--data", "a b", "*", "").out();
            assertThat(out)
                    .endsWith("<dev.fakta.orders.Main>", "<run>", "<--data>", "<a b>", "<*>", "<>");
        }

        @Test
        void the_script_becomes_the_jvm_so_that_signals_reach_it() throws Exception {
            Run run = checkout.run("run");
            assertThat(run.out()).first().isEqualTo("pid " + run.pid());
        }

        @Test
        void the_class_path_is_the_app_and_its_libraries() throws Exception {
            List<String> out = checkout.run("run").out();
            Path app = checkout.root().resolve("target/app/orders");
            assertThat(out.get(out.indexOf("<-cp>") + 1))
                    .isEqualTo("<%1$s/fakta-orders-1.jar:%1$s/lib/kit-1.jar>".formatted(app));
        }

        @Test
        void fakta_java_opts_come_after_the_scripts_own() throws Exception {
            List<String> out = checkout.with("FAKTA_JAVA_OPTS", "-Xmx2g -Da=*").run("run").out();
            assertThat(out).containsSubsequence("<-Xmx512m>", "<-Xmx2g>", "<-Da=*>", "<-cp>");
        }
    }

    @Nested
    final class Making_an_image {
        @BeforeEach
        void install_a_jdk() throws IOException {
            checkout.jdk("jdks/25", "25");
        }

        @Test
        void a_tar_is_made_of_the_orders_and_its_path_printed() throws Exception {
            Run run = checkout.run("image");
            Path tar = checkout.root().resolve("target/fakta-image.tar");
            assertThat(run.out()).containsExactly(tar.toString());
            assertThat(checkout.builds())
                    .singleElement()
                    .asString()
                    .contains("-pl orders -am package", "jib-maven-plugin:buildTar")
                    .endsWith("-Djib.containerize=:fakta-orders -Djib.outputPaths.tar=" + tar);
        }

        @Test
        void a_push_goes_to_a_registry_on_another_base() throws Exception {
            checkout.run(
                    "image", "--push", "r/fakta:1", "--base", "b", "--platform", "linux/arm64");
            assertThat(checkout.builds())
                    .singleElement()
                    .asString()
                    .contains("jib-maven-plugin:build ")
                    .endsWith(
                            "-Djib.to.image=r/fakta:1 -Djib.from.image=b"
                                    + " -Djib.from.platforms=linux/arm64");
        }

        @Test
        void a_build_that_fails_gives_no_image() throws Exception {
            Run run = checkout.with("BROKEN_CODE", "yes").run("image");
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).contains("a fault", "there is no image");
        }

        @Test
        void what_is_no_option_of_it_is_wrong_usage() throws Exception {
            for (String[] wrong : List.of(words("--to x"), words("--tar"), words("--tat x"))) {
                Run run = checkout.run(join("image", wrong));
                assertThat(run.status()).isEqualTo(2);
                assertThat(run.err()).contains("fakta: image: ", "usage: ./fakta COMMAND");
            }
            assertThat(checkout.builds()).isEmpty();
        }

        private static String[] join(String first, String[] others) {
            return (first + " " + String.join(" ", others)).split(" ");
        }
    }

    @Nested
    final class Start_up_cache {
        @BeforeEach
        void install_a_jdk() throws IOException {
            checkout.jdk("jdks/25", "25");
            checkout.with("FAKTA_AOT", "on");
        }

        @Test
        void a_build_makes_the_cache_and_says_so_and_every_start_uses_it() throws Exception {
            checkout.with("TRAINABLE", "yes");
            Run build = checkout.run("build");
            assertThat(build.status()).isZero();
            assertThat(build.err()).contains("making the start-up cache", "target/train.log");
            checkout.with("TRAINABLE", "");
            Run run = checkout.run("run");
            assertThat(cacheOf(run)).hasSize(1);
            assertThat(run.out()).contains("<-XX:+VerifySharedSpaces>"); // else damage is a crash
            assertThat(run.err()).isEmpty();
            assertThat(cacheOf(checkout.run("log", "tail"))).hasSize(1);
            assertThat(checkout.run("build").err()).isEmpty();
        }

        @Test
        void a_start_without_one_says_so_in_a_line_and_has_it_made_for_the_next() throws Exception {
            checkout.with("TRAINABLE", "yes");
            Run first = checkout.run("run");
            assertThat(cacheOf(first)).isEmpty();
            assertThat(first.err().lines()).hasSize(2).last().asString().contains("start-up cache");
            awaitCaches(1);
            Run second = checkout.run("run");
            assertThat(cacheOf(second)).hasSize(1);
            assertThat(second.err()).isEmpty();
        }

        @Test
        void another_build_and_another_jdk_have_one_of_their_own() throws Exception {
            checkout.with("TRAINABLE", "yes");
            checkout.run("build");
            checkout.write("orders/pom.xml", "<project> </project>\n");
            assertThat(cacheOf(checkout.run("run"))).isEmpty();
            awaitCaches(1);
            String old = cacheOf(checkout.run("run")).getFirst();
            checkout.with("FAKTA_JAVA_HOME", checkout.jdk("jdks/26", "26"));
            assertThat(cacheOf(checkout.run("run"))).isEmpty();
            awaitCaches(2);
            assertThat(cacheOf(checkout.run("run"))).hasSize(1).doesNotContain(old);
        }

        @Test
        void what_was_trained_on_jars_that_a_build_has_replaced_is_thrown_away() throws Exception {
            checkout.with("TRAINABLE", "yes").with("BUILT_MEANWHILE", "yes");
            assertThat(checkout.run("build").status()).isEqualTo(1);
            checkout.with("BUILT_MEANWHILE", "");
            assertThat(cacheOf(checkout.run("log", "tail"))).isEmpty();
            assertThat(checkout.run("build").status()).isZero();
            assertThat(cacheOf(checkout.run("log", "tail"))).hasSize(1);
        }

        @Test
        void where_training_fails_a_build_says_so_and_starts_go_on_without_a_word()
                throws Exception {
            Run build = checkout.run("build");
            assertThat(build.status()).isEqualTo(1);
            assertThat(build.err()).contains("there is no start-up cache", "target/train.log");
            Run run = checkout.run("run");
            assertThat(run.status()).isZero();
            assertThat(cacheOf(run)).isEmpty();
            assertThat(run.err()).isEmpty();
        }

        @Test
        void only_a_start_of_the_system_trains() throws Exception {
            checkout.with("TRAINABLE", "yes");
            Run run = checkout.run("view", "list");
            assertThat(cacheOf(run)).isEmpty();
            assertThat(run.err().lines()).hasSize(1); // of the build
        }

        /// Until the process that makes it beside the first start has ended.
        private void awaitCaches(int count) {
            Path target = checkout.root().resolve("target");
            Awaitility.await()
                    .until(
                            () ->
                                    caches(target.resolve("app/orders")) == count
                                            && Files.notExists(target.resolve("training")));
        }

        private static long caches(Path app) throws IOException {
            try (Stream<Path> files = Files.list(app)) {
                return files.filter(file -> file.toString().endsWith(".aot")).count();
            }
        }

        private static List<String> cacheOf(Run run) {
            return run.out().stream().filter(line -> line.startsWith("<-XX:AOTCache=")).toList();
        }
    }

    private static String[] words(String... words) {
        return words;
    }

    private static void touchNow(Path path) throws IOException {
        Path probe = Files.createTempFile("now", "");
        FileTime now = Files.getLastModifiedTime(probe);
        Files.delete(probe);
        Files.setLastModifiedTime(path, now);
    }
}
