// SPDX-License-Identifier: Apache-2.0
package dev.fakta.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fakta.domain.Aggregate;
import dev.fakta.domain.At;
import dev.fakta.domain.Decision;
import dev.fakta.domain.Microsystem;
import dev.fakta.domain.Retry;
import dev.fakta.domain.Saga;
import dev.fakta.domain.SagaState;
import dev.fakta.domain.SagaState.Status;
import dev.fakta.log.EventLog;
import dev.fakta.log.SegmentLog;
import dev.fakta.log.SegmentLogSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// What a saga's runner does with what it cannot read, and how it says that something is wrong.
@ResourceLock("Wish.isFixed")
class SagaTroubleTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    /// The instance that all of these tests are about. Other classes' tests run in this JVM too,
    /// and none of them has it: so what is logged of it is this test's.
    private static final String TROUBLED = "troubled";

    /// A wish whose owner the program cannot find out.
    private static final long NAMELESS = 77;

    @TempDir Path directory;
    private final SagaLog said = new SagaLog();
    private @Nullable EventLog log;
    private @Nullable Node node;

    @BeforeEach
    void breakAgain() {
        Wish.isFixed = false;
    }

    private void start(Microsystem microsystem) {
        stop();
        EventLog opened = SegmentLog.open(directory.resolve("log"), SegmentLogSettings.defaults());
        log = opened;
        node =
                Node.start(
                        NodeSettings.embedded(directory.resolve("views")),
                        microsystem,
                        opened,
                        InstantSource.system());
    }

    /// An older program that works on the log again after a newer one has run there before.
    private void hasRun(Microsystem older) {
        start(older);
        stop();
    }

    private void stop() {
        if (node != null) {
            node.close();
            node = null;
        }
        if (log != null) {
            log.close();
            log = null;
        }
    }

    @AfterEach
    void end() {
        stop();
        said.close();
    }

    private Node node() {
        return Objects.requireNonNull(node, "it is started first");
    }

    private void wish(String id, long amount, String... tallies) {
        wish(id, amount, Duration.ZERO, tallies);
    }

    private void wish(String id, long amount, Duration pause, String... tallies) {
        var make = new Wish.Make(List.of(tallies), amount, pause.toMillis());
        assertThat(node().await(node().send(wishes(), id, make, Cause.fresh())))
                .isInstanceOf(Reply.Accepted.class);
    }

    @SuppressWarnings("unchecked")
    private Aggregate<Wish.Make, Object, Wish> wishes() {
        return (Aggregate<Wish.Make, Object, Wish>)
                node().microsystems().all().getFirst().aggregates().stream()
                        .filter(aggregate -> aggregate.name().equals("wish"))
                        .findFirst()
                        .orElseThrow();
    }

    private SagaState<Wish> saga(String id) {
        return node().state(Wish.SAGA.aggregate(), id).state();
    }

    private void awaitStatus(String id, Status status) {
        await().pollDelay(Duration.ZERO).atMost(SOON).until(() -> saga(id).status() == status);
    }

    private List<SagaRow> listed(Status status) {
        return Listed.of(() -> node().sagas(Wish.SAGA, status, "", 100));
    }

    private SagaRow awaitListed(Status status, String idHas) {
        await().atMost(SOON)
                .ignoreExceptionsInstanceOf(NodeException.class) // before the index is made
                .until(() -> listed(status).stream().anyMatch(row -> row.id().contains(idHas)));
        return listed(status).stream()
                .filter(row -> row.id().contains(idHas))
                .findFirst()
                .orElseThrow();
    }

    private void awaitNoneParked() {
        await().atMost(SOON)
                .ignoreExceptionsInstanceOf(NodeException.class)
                .until(() -> listed(Status.PARKED).isEmpty());
    }

    private void loseIndex() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("views"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    /// A program with this saga.
    private static Microsystem with(Saga<?, ?> saga) {
        return Microsystem.named("wishes").with(Wish.AGGREGATE).with(Tally.AGGREGATE).with(saga);
    }

    private static Saga<Wish.Begun, Wish> named(Saga.Naming<Wish.Event.Made> whose) {
        return Wish.saga(Wish.ADD, whose);
    }

    /// Fails on nameless wishes until it is fixed.
    private static @Nullable String carelessName(Wish.Event.Made made, At at) {
        if (made.amount() == NAMELESS && !Wish.isFixed) {
            throw new AssertionError("no name for it");
        }
        return at.id();
    }

    @Nested
    class WhatCannotBeRead {

        /// An id whose wishes are in the same partition, so that they come in one order.
        private void wishAgain(String... tallies) {
            wish(TROUBLED, 5, tallies);
        }

        @Test
        void an_event_that_names_no_instance_holds_its_partition_until_the_program_is_fixed() {
            start(with(named(SagaTroubleTest::carelessName)));
            wish(TROUBLED, NAMELESS, "a");
            SagaRow held = awaitListed(Status.PARKED, "(partition ");
            assertThat(held.reason())
                    .contains("wish/" + TROUBLED + " revision 1 (event wish-made)")
                    .contains("no name for it")
                    .contains("run a program that can read it");
            wishAgain("b");
            for (String other : List.of("o1", "o2", "o3")) {
                if (!isWithTroubled(other)) {
                    wish(other, 5, "c");
                    awaitStatus(other, Status.COMPLETED);
                }
            }
            assertThat(node().state(Wish.SAGA.aggregate(), TROUBLED).revision()).isZero();
            assertThat(node().sagas().isWell()).isTrue();
            start(with(named(SagaTroubleTest::carelessName))); // as bad as before
            await().atMost(SOON) // each runner says it once
                    .untilAsserted(
                            () ->
                                    assertThat(said.having("wish/" + TROUBLED + " revision 1"))
                                            .hasSizeGreaterThanOrEqualTo(2));
            assertThat(said.having("wish/" + TROUBLED + " revision 1"))
                    .allMatch(line -> line.contains("partition"));
            Wish.isFixed = true;
            start(with(named(SagaTroubleTest::carelessName)));
            await().atMost(SOON).until(() -> made() == 2);
            awaitNoneParked();
        }

        private boolean isWithTroubled(String other) {
            return partitionOf("wish/" + other) == partitionOf("wish/" + TROUBLED);
        }

        private int partitionOf(String stream) {
            return Objects.requireNonNull(log, "it is started first").partitionOf(stream);
        }

        /// How many of its wishes the saga was told.
        private long made() {
            return node().events(Wish.SAGA.aggregate(), TROUBLED, 1, 100).stream()
                    .filter(recorded -> recorded.name().equals("granting-begun"))
                    .count();
        }

        @Test
        void an_event_of_a_newer_schema_waits_for_a_newer_program() {
            Aggregate<Wish.Make, Wish.Event, Wish> newer =
                    Wish.AGGREGATE.upcasting(fields -> fields);
            Microsystem withoutSaga = Microsystem.named("wishes").with(newer).with(Tally.AGGREGATE);
            hasRun(with(Wish.SAGA));
            start(withoutSaga.retired(Wish.SAGA.name()));
            wish(TROUBLED, 5, "a");
            start(with(Wish.SAGA));
            assertThat(awaitListed(Status.PARKED, "(partition ").reason())
                    .contains("schema version 2; this program knows up to 1");
            start(withoutSaga.with(Wish.SAGA));
            awaitStatus(TROUBLED, Status.COMPLETED);
            awaitNoneParked();
        }

        @Test
        void a_held_input_that_cannot_be_read_is_not_released() throws IOException {
            Saga<Wish.Begun, Wish> newer = named(SagaTroubleTest::carelessName).version(2);
            Wish.isFixed = true;
            hasRun(with(Wish.SAGA));
            start(with(newer));
            wish(TROUBLED, 5, Duration.ofHours(1), "a");
            await().atMost(SOON).until(() -> saga(TROUBLED).version() == 2);
            stop();
            loseIndex();
            start(with(Wish.SAGA)); // older: it cannot tell the instance anything
            wish(TROUBLED, NAMELESS, Duration.ofHours(1), "a");
            await().atMost(SOON).until(() -> held() == 2);
            awaitListed(Status.PARKED, TROUBLED);
            Wish.isFixed = false;
            start(with(newer));
            assertThat(awaitListed(Status.PARKED, "(partition ").reason())
                    .contains("no name for it");
            assertThat(made()).isEqualTo(1);
            Wish.isFixed = true;
            start(with(newer));
            await().atMost(SOON).until(() -> made() == 2);
            awaitNoneParked();
        }

        /// How many inputs the saga's index says are held back.
        private long held() throws SQLException {
            Path index = directory.resolve("views").resolve("saga-granting-1.db");
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + index);
                    Statement statement = connection.createStatement();
                    ResultSet found = statement.executeQuery("select count(*) from held")) {
                return found.getLong(1);
            }
        }

        record Urged(String by) {}

        /// A program whose wishes can be urged, too.
        private static Microsystem urging(Saga<?, ?> saga) {
            Aggregate<String, Urged, String> urge =
                    Aggregate.named("urge")
                            .taking(String.class)
                            .startingAs("")
                            .deciding(
                                    (String _, String by) -> Decision.<Urged>accept(new Urged(by)))
                            .evolving((String _, Urged urged) -> urged.by())
                            .event("wish-urged", Urged.class);
            return with(saga).with(urge);
        }

        @SuppressWarnings("unchecked")
        private void urge(String id) {
            var urge =
                    (Aggregate<String, Object, String>)
                            node().microsystems().all().getFirst().aggregates().getLast();
            assertThat(node().await(node().send(urge, id, "bob", Cause.fresh())))
                    .isInstanceOf(Reply.Accepted.class);
        }

        @Test
        void an_unknown_event_is_passed_over_while_no_newer_saga_has_reacted_and_is_named() {
            hasRun(with(Wish.SAGA));
            start(urging(Wish.SAGA));
            urge("u");
            urge("v");
            start(with(Wish.SAGA));
            wish(TROUBLED, 5, "a");
            awaitStatus(TROUBLED, Status.COMPLETED);
            awaitNoneParked();
            assertThat(said.having("'wish-urged'")).hasSizeLessThan(2);
        }

        @Test
        void an_unknown_event_behind_a_newer_sagas_reaction_is_held() throws IOException {
            hasRun(with(Wish.SAGA));
            start(urging(Wish.SAGA.version(2)));
            wish(TROUBLED, 5, Duration.ofHours(1), "a");
            await().atMost(SOON).until(() -> saga(TROUBLED).version() == 2);
            urge("u");
            stop();
            loseIndex();
            start(with(Wish.SAGA));
            assertThat(awaitListed(Status.PARKED, "(partition ").reason())
                    .contains("wish-urged")
                    .contains("version 2 of the saga, which may need it, has reacted");
            start(urging(Wish.SAGA.version(2)));
            awaitNoneParked();
        }
    }

    @Nested
    class WhatIsSaid {

        @Test
        void a_saga_that_parks_says_once_why_and_where_its_code_fails() {
            start(Wish.MICROSYSTEM);
            wish(TROUBLED, Wish.UNLUCKY, "a");
            awaitListed(Status.PARKED, TROUBLED);
            await().atMost(SOON)
                    .until(() -> !said.having("granting " + TROUBLED + " is parked").isEmpty());
            assertThat(said.having("granting " + TROUBLED + " is parked"))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("unlucky amount", "at dev.fakta.runtime.Wish.react");
        }

        @Test
        void a_saga_that_is_stuck_says_once_which_step_and_why() {
            start(Wish.MICROSYSTEM);
            wish(TROUBLED, 5, Wish.BROKEN);
            awaitListed(Status.STUCK, TROUBLED);
            await().atMost(SOON)
                    .until(() -> !said.having("granting " + TROUBLED + " is stuck").isEmpty());
            assertThat(said.having("granting " + TROUBLED + " is stuck"))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("the step add broken: DEFECT");
        }

        @Test
        void an_index_that_is_filled_again_says_nothing_of_old_troubles() throws IOException {
            start(Wish.MICROSYSTEM);
            wish(TROUBLED, Wish.UNLUCKY, "a");
            await().atMost(SOON)
                    .until(() -> !said.having("granting " + TROUBLED + " is parked").isEmpty());
            stop();
            loseIndex();
            start(Wish.MICROSYSTEM);
            awaitListed(Status.PARKED, TROUBLED);
            assertThat(said.having("granting " + TROUBLED + " is parked")).hasSize(1);
        }

        @Test
        void a_step_that_is_tried_again_is_listed_with_its_reason() {
            var patient =
                    Wish.ADD.retrying(
                            Retry.times(9).pausing(Duration.ofHours(1), Duration.ofHours(1)));
            start(with(Wish.saga(patient)));
            wish(TROUBLED, 5, Wish.BROKEN);
            await().atMost(SOON)
                    .ignoreExceptionsInstanceOf(NodeException.class)
                    .until(
                            () ->
                                    listed(Status.LIVE).stream()
                                            .anyMatch(
                                                    row ->
                                                            row.reason()
                                                                    .contains(
                                                                            "1 attempt has failed")));
        }
    }

    @Nested
    class Threads {

        @Test
        void a_reading_thread_that_dies_makes_the_host_unwell() {
            start(
                    with(
                            named(
                                    (made, at) -> {
                                        if (made.amount() == NAMELESS) {
                                            throw new OutOfMemoryError("as if");
                                        }
                                        return at.id();
                                    })));
            wish("ok", 5, "a");
            awaitStatus("ok", Status.COMPLETED);
            assertThat(node().sagas().isWell()).isTrue();
            wish(TROUBLED, NAMELESS, "a");
            await().atMost(SOON).until(() -> !node().sagas().isWell());
        }
    }
}
