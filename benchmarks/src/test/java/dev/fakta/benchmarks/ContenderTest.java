// SPDX-License-Identifier: Apache-2.0
package dev.fakta.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContenderTest {

    @Test
    void one_that_was_not_built_is_an_error_that_says_who_builds_it(@TempDir Path apps) {
        Contender contender = PeersBenchmark.CONTENDERS.getFirst();
        assertThatThrownBy(() -> contender.start(apps, apps, "jdbc:postgresql:orders"))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        apps.resolve("peer-spring-jpa") + " is missing; ./fakta bench builds it");
    }

    @Test
    void no_library_of_a_peer_is_on_the_class_path_of_the_benchmarks() {
        assertThat(
                        Stream.of(
                                "org.springframework.boot.SpringApplication",
                                "slick.jdbc.JdbcProfile"))
                .allSatisfy(
                        name ->
                                assertThatThrownBy(() -> Class.forName(name))
                                        .isInstanceOf(ClassNotFoundException.class));
    }
}
