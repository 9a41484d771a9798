// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.tasks;

import dev.fakta.domain.At;
import dev.fakta.domain.View;
import dev.fakta.domain.View.Sql;

/// The table of the tasks: one row for each thing that waits.
final class TaskTable {

    private TaskTable() {}

    static View in(View view) {
        return view.table(
                        """
                        create table task (
                            id text primary key,
                            kind text not null,
                            subject text not null,
                            what text not null,
                            reason text not null,
                            since bigint not null)""")
                .table("create index task_by_time on task (since)")
                .table("create index task_by_kind on task (kind, since)")
                .table("create index task_by_subject on task (subject, since)");
    }

    static String id(TaskKind kind, String subject, String what) {
        return kind + "/" + subject + "/" + what;
    }

    /// Of the aggregate that the event is of. One that waits already waits anew.
    static void add(TaskKind kind, String what, String reason, At at, Sql sql) {
        remove(kind, what, at, sql);
        sql.run(
                "insert into task (id, kind, subject, what, reason, since) values (?, ?, ?, ?, ?, ?)",
                id(kind, at.id(), what),
                kind.toString(),
                at.id(),
                what,
                reason,
                at.time().toEpochMilli());
    }

    static void remove(TaskKind kind, String what, At at, Sql sql) {
        sql.run("delete from task where id = ?", id(kind, at.id(), what));
    }

    /// All of this kind.
    static void removeAll(TaskKind kind, At at, Sql sql) {
        sql.run("delete from task where subject = ? and kind = ?", at.id(), kind.toString());
    }
}
