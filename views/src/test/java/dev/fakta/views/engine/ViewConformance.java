// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;
import dev.fakta.log.Positions;
import dev.fakta.views.ViewPlace;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a view can rely on in every store.
abstract class ViewConformance {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /// Statements of several kinds on two tables, some of which touch both.
    private static final View LEDGER =
            View.named("ledger")
                    .table(
                            "create table account (id text primary key, sum bigint not null, last text)")
                    .table(
                            """
                            create table entry (
                                account_id text not null,
                                number bigint not null,
                                amount integer not null,
                                primary key (account_id, number))""")
                    .table("create index entry_by_amount on entry (amount)")
                    .on(Tally.Event.Added.class, ViewConformance::enter);

    private Facts facts = new Facts(Tally.SUMS, LEDGER);
    private ViewHost host;

    /// Where this test's views live.
    abstract ViewPlace place();

    @BeforeEach
    void open() {
        host = facts.host("one", place());
    }

    @AfterEach
    void close() {
        host.close();
        facts.close();
    }

    private void restart() {
        host.close();
        host = facts.host("one", place());
        host.start(Tally.SUMS);
    }

    private void awaitAll(View view) {
        assertThat(host.await(view, facts.log().heads(), PATIENCE)).isTrue();
    }

    private static void enter(Tally.Event.Added added, At at, Sql sql) {
        long amount = added.amount();
        sql.run(
                "insert into entry (account_id, number, amount) values (?, ?, ?)",
                at.id(),
                at.revision(),
                amount);
        sql.run(
                "insert into account (id, sum, last) values (?, ?, null)"
                        + " on conflict (id) do update set sum = account.sum + excluded.sum",
                at.id(),
                amount);
        if (amount % 3 == 0) {
            sql.run("update account set last = ? where id = ?", last(amount), at.id());
        }
        if (amount % 5 == 0) {
            sql.run(
                    "delete from entry where account_id = ? and number < ?",
                    at.id(),
                    at.revision());
        }
        if (amount % 7 == 0) {
            sql.run(
                    "update account set sum = (select coalesce(sum(e.amount), 0) from entry e"
                            + " where e.account_id = account.id) where id = ?",
                    at.id());
        }
    }

    private static @Nullable String last(long amount) {
        return amount % 2 == 0 ? "even\u0000\u0001" + amount : null;
    }

    /// The same in Java.
    private static final class Account {
        private final Map<Long, Long> entries = new TreeMap<>();
        private long sum;
        private @Nullable String last;

        void enter(long revision, long amount) {
            entries.put(revision, amount);
            sum += amount;
            if (amount % 3 == 0) {
                last = ViewConformance.last(amount);
            }
            if (amount % 5 == 0) {
                entries.keySet().removeIf(number -> number < revision);
            }
            if (amount % 7 == 0) {
                sum = entries.values().stream().mapToLong(Long::longValue).sum();
            }
        }
    }

    @Test
    void rows_are_what_the_statements_make_in_their_order() {
        Map<String, Account> accounts = new TreeMap<>();
        Map<String, Long> revisions = new TreeMap<>();
        Random random = new Random(20261122);
        for (int i = 0; i < 3_000; i++) {
            String id = "t" + random.nextInt(10);
            long amount = random.nextInt(1, 100);
            facts.added(id, amount);
            accounts.computeIfAbsent(id, _ -> new Account())
                    .enter(revisions.merge(id, 1L, Long::sum), amount);
        }
        host.start(LEDGER);
        awaitAll(LEDGER);
        List<String> expected = new ArrayList<>();
        accounts.forEach(
                (id, account) ->
                        expected.add(
                                id
                                        + "|"
                                        + account.sum
                                        + "|"
                                        + account.last
                                        + "|"
                                        + account.entries.size()));
        assertThat(
                        host.rows(
                                LEDGER,
                                """
                                select a.id, a.sum, a.last, count(*) as entries
                                from account a join entry e on e.account_id = a.id
                                group by a.id, a.sum, a.last order by a.id""",
                                row ->
                                        row.text("id")
                                                + "|"
                                                + row.number("sum")
                                                + "|"
                                                + row.textOrNull("last")
                                                + "|"
                                                + row.number("entries")))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void a_view_goes_on_where_it_was() {
        host.start(Tally.SUMS);
        facts.added("a", 5);
        awaitAll(Tally.SUMS);
        restart();
        facts.added("a", 6);
        awaitAll(Tally.SUMS);
        assertThat(Facts.rows(host)).containsExactly("a|11|2");
    }

    @Test
    void a_view_can_be_stopped_and_started_while_the_node_lives() {
        host.start(Tally.SUMS);
        facts.added("a", 5);
        awaitAll(Tally.SUMS);
        host.stop(Tally.SUMS);
        assertThat(host.runs(Tally.SUMS)).isFalse();
        Positions later = facts.added("a", 6);
        host.start(Tally.SUMS);
        host.start(Tally.SUMS);
        assertThat(host.await(Tally.SUMS, later, PATIENCE)).isTrue();
        assertThat(Facts.rows(host)).containsExactly("a|11|2");
        assertThat(host.isWell()).isTrue();
    }

    @Test
    void an_event_that_fails_is_parked_with_its_stream_and_others_flow() {
        facts.added("a", Tally.UNLUCKY);
        facts.added("b", 1);
        facts.added("a", 1);
        facts.added("b", 2);
        host.start(Tally.SUMS);
        awaitAll(Tally.SUMS);
        facts.added("a", 1);
        awaitAll(Tally.SUMS);
        restart();
        facts.added("a", 1);
        awaitAll(Tally.SUMS);
        assertThat(Facts.rows(host)).containsExactly("b|3|2");
        assertThat(
                        host.rows(
                                Tally.SUMS,
                                "select stream from fakta_parked",
                                row -> row.text("stream")))
                .hasSize(4)
                .containsOnly("tally/a");
        assertThat(host.lags(facts.log().heads()).getFirst().parkedStreams()).isEqualTo(1);
    }

    @Test
    void an_error_in_a_handler_parks_its_event_and_the_view_goes_on() {
        facts.added("a", Tally.ENDLESS);
        facts.added("b", 1);
        host.start(Tally.SUMS);
        awaitAll(Tally.SUMS);
        facts.added("b", 2);
        awaitAll(Tally.SUMS);
        assertThat(Facts.rows(host)).containsExactly("b|3|2");
        assertThat(host.lags(facts.log().heads()).getFirst().parkedStreams()).isEqualTo(1);
        assertThat(host.isWell()).isTrue();
    }

    @Test
    void an_event_whose_statement_fails_is_parked() {
        View strict =
                View.named("strict")
                        .table(
                                "create table strict (id text primary key, amount integer not null check (amount < 50))")
                        .on(
                                Tally.Event.Added.class,
                                (e, at, sql) -> {
                                    sql.run(
                                            "insert into strict values (?, ?)",
                                            at.id(),
                                            e.amount());
                                    sql.run(
                                            "update strict set amount = amount + 1 where id = ?",
                                            at.id());
                                });
        facts.close();
        facts = new Facts(strict);
        host.close();
        host = facts.host("one", place());
        facts.added("a", 10);
        facts.added("b", 70);
        facts.added("c", 49);
        facts.added("d", 20);
        host.start(strict);
        awaitAll(strict);
        assertThat(
                        host.rows(
                                strict,
                                "select id, amount from strict order by id",
                                row -> row.text("id") + row.number("amount")))
                .containsExactly("a11", "d21");
        assertThat(host.lags(facts.log().heads()).getFirst().parkedStreams()).isEqualTo(2);
    }

    private void openFor(View view) {
        facts.close();
        facts = new Facts(view);
        host.close();
        host = facts.host("one", place());
    }

    private enum Colour {
        RED
    }

    @Test
    void times_dates_ids_and_constants_are_written_as_numbers_and_texts() {
        Instant time = Instant.parse("2026-12-24T18:00:00.123456Z");
        LocalDate date = LocalDate.of(2026, 12, 24);
        UUID id = new UUID(1, 2);
        View typed =
                View.named("typed")
                        .table(
                                "create table typed (id text primary key, time bigint, date text, uuid text, colour text)")
                        .on(
                                Tally.Event.Added.class,
                                (_, at, sql) ->
                                        sql.run(
                                                "insert into typed values (?, ?, ?, ?, ?)",
                                                at.id(),
                                                time,
                                                date,
                                                id,
                                                Colour.RED));
        openFor(typed);
        facts.added("a", 1);
        host.start(typed);
        awaitAll(typed);
        assertThat(
                        host.rows(
                                typed,
                                "select * from typed where time <= ? and date = ? and uuid = ? and colour = ?",
                                row ->
                                        List.of(
                                                row.time("time"),
                                                row.text("date"),
                                                row.text("uuid"),
                                                row.text("colour")),
                                time,
                                date,
                                id,
                                Colour.RED))
                .containsExactly(
                        List.of(
                                Instant.parse("2026-12-24T18:00:00.123Z"),
                                "2026-12-24",
                                "00000000-0000-0001-0000-000000000002",
                                "RED"));
    }

    @Test
    void what_is_parked_is_told_with_its_reason_and_place_and_at_the_next_start_again() {
        String name = "touchy-" + getClass().getSimpleName().toLowerCase(Locale.ROOT);
        View touchy =
                View.named(name)
                        .table("create table touchy (id text primary key, price text)")
                        .on(
                                Tally.Event.Added.class,
                                (added, at, sql) ->
                                        sql.run(
                                                "insert into touchy values (?, ?)",
                                                at.id(),
                                                price(added.amount())));
        openFor(touchy);
        facts.added("a", 1);
        facts.added("b", 1);
        facts.added("c", 2);
        facts.added("d", 3);
        try (LoggedLines lines = new LoggedLines(ViewApplier.class.getName(), name)) {
            host.start(touchy);
            awaitAll(touchy);
            assertThat(lines.count()).isEqualTo(3);
            assertThat(
                            lines.has(
                                    "parks tally/c revision 1: java.lang.ArithmeticException: no price"))
                    .isTrue();
            assertThat(lines.has("at " + ViewConformance.class.getName() + ".price")).isTrue();
        }
        assertThat(
                        host.rows(
                                touchy,
                                "select reason from fakta_parked where stream = 'tally/a'",
                                row -> row.text("reason")))
                .singleElement()
                .asString()
                .contains(
                        "a view's SQL takes no java.math.BigDecimal, as its argument 2 is: make it a text or a whole number");
        host.close();
        host = facts.host("one", place());
        try (LoggedLines lines = new LoggedLines(ViewRunner.class.getName(), name)) {
            host.start(touchy);
            assertThat(lines.has("has parked streams, 3 of them")).isTrue();
        }
    }

    private static Object price(long amount) {
        if (amount == 2) {
            throw new ArithmeticException("no price");
        }
        return amount == 3 ? "free" : BigDecimal.valueOf(amount);
    }

    @Test
    void text_is_kept_as_it_is_and_ordered_by_its_bytes() {
        List<String> ids =
                List.of(
                        "",
                        "\u0000",
                        "\u0000a",
                        "\u0001",
                        "A",
                        "B",
                        "Z",
                        "_",
                        "a",
                        "a\u0000",
                        "a-b",
                        "ab",
                        "b",
                        "z",
                        "\u00e4",
                        "\u00fc",
                        "\u4e2d",
                        "\uffff",
                        "\ud83d\ude00");
        List<String> shuffled = new ArrayList<>(ids);
        Collections.shuffle(shuffled, new Random(7));
        shuffled.forEach(id -> facts.added("x" + id, 1));
        host.start(Tally.SUMS);
        awaitAll(Tally.SUMS);
        List<String> expected = ids.stream().map(id -> "x" + id).toList();
        assertThat(ids("select id from tally order by id")).isEqualTo(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(ids("select id from tally where id = ?", expected.get(i)))
                    .containsExactly(expected.get(i));
            assertThat(ids("select id from tally where id > ? order by id", expected.get(i)))
                    .isEqualTo(expected.subList(i + 1, expected.size()));
        }
        assertThat(
                        ids(
                                "select id from tally where id >= ? and id < ? order by id",
                                "xa",
                                "xa\uffff"))
                .containsExactly("xa", "xa\u0000", "xa-b", "xab");
        assertThat(
                        ids(
                                "select id from tally where (cast(? as text) is null or id = ?)",
                                "xA",
                                "xA"))
                .containsExactly("xA");
        assertThat(
                        ids(
                                "select id from tally where (cast(? as text) is null or id = ?)",
                                null,
                                null))
                .hasSize(ids.size());
    }

    private List<String> ids(String select, @Nullable Object... arguments) {
        return host.rows(Tally.SUMS, select, row -> row.text("id"), arguments);
    }

    @Test
    void queries_cannot_write() {
        host.start(Tally.SUMS);
        assertThatThrownBy(
                        () ->
                                host.rows(
                                        Tally.SUMS,
                                        "insert into tally values ('a', 1, 1)",
                                        row -> row.text("id")))
                .isInstanceOf(ViewSqlException.class);
    }

    @Test
    void a_statement_that_the_database_does_not_take_ends_the_start_and_leaves_nothing() {
        View typo =
                View.named("typo")
                        .table("create table typo (id text primary key)")
                        .table("create indexx typo_by_id on typo (id)");
        try (Facts others = new Facts(typo)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> others.host("one", place()).close())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("view typo version 1 fails on: create indexx")
                        .hasMessageContaining("syntax error");
            }
        }
        View mended =
                View.named("typo")
                        .table("create table typo (id text primary key)")
                        .table("create index typo_by_id on typo (id)");
        try (Facts others = new Facts(mended);
                ViewHost after = others.host("one", place())) {
            after.start(mended);
            assertThat(after.rows(mended, "select id from typo", row -> row.text("id"))).isEmpty();
        }
    }

    @Test
    void other_tables_need_another_version() {
        host.start(Tally.SUMS);
        View other = View.named("sums").table("create table other (id text primary key)");
        Facts changed = new Facts(other);
        host.stop(Tally.SUMS);
        assertThatThrownBy(
                        () -> {
                            try (ViewHost again = changed.host("one", place())) {
                                again.start(other);
                            }
                        })
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("raise its version");
        View raised = other.version(2);
        Facts next = new Facts(raised);
        ViewHost third = next.host("one", place());
        third.start(raised);
        assertThat(third.rows(raised, "select id from other", row -> row.text("id"))).isEmpty();
        third.close();
        changed.close();
        next.close();
    }

    @Test
    void a_view_that_is_ahead_of_the_log_is_filled_anew() {
        host.start(Tally.SUMS);
        for (int i = 0; i < 20; i++) {
            facts.added("t" + i, 1);
        }
        awaitAll(Tally.SUMS);
        host.close();
        facts.close();
        facts = new Facts(Tally.SUMS);
        facts.added("new", 2);
        host = facts.host("one", place());
        host.start(Tally.SUMS);
        awaitAll(Tally.SUMS);
        assertThat(Facts.rows(host)).containsExactly("new|2|1");
    }

    @Test
    void a_view_that_is_elsewhere_or_nowhere_is_said_so() {
        View unknown = View.named("unknown");
        assertThatThrownBy(() -> host.rows(unknown, "select 1 as one", row -> row.number("one")))
                .isInstanceOf(ViewAwayException.class);
        assertThatThrownBy(() -> host.await(unknown, Positions.of(0, 1), Duration.ofMillis(10)))
                .isInstanceOf(ViewAwayException.class);
    }
}
