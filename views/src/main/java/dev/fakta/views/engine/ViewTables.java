// SPDX-License-Identifier: Apache-2.0
package dev.fakta.views.engine;

import dev.fakta.domain.View;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Makes a view's schema and tables in PostgreSQL: one schema for each microsystem, view and
/// version, `orders__products__v1`.
///
/// Text columns get the collation `C`, the order of the bytes of UTF-8, which is SQLite's: so rows
/// come in the same order whatever the database's own collation is.
final class ViewTables {

    private static final int LONGEST_NAME = 63;

    private final View view;
    private final String schema;

    ViewTables(View view, String schema) {
        this.view = view;
        this.schema = schema;
    }

    /// A view's schema, as an identifier without quotes: lower-case letters, digits and `_`. Stable
    /// names have no `_` and no `--`, so that two never become one; what is too long for PostgreSQL
    /// ends in a hash.
    static String schema(String microsystem, View view) {
        String name = (microsystem + "__" + view.name() + "__v" + view.version()).replace('-', '_');
        if (name.length() <= LONGEST_NAME) {
            return name;
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(name.getBytes(StandardCharsets.UTF_8));
            String ending = "_" + HexFormat.of().formatHex(hash, 0, 8);
            return name.substring(0, LONGEST_NAME - ending.length()) + ending;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Makes what is missing. Two nodes may do so at once.
    ///
    /// @throws IllegalStateException when the view's tables are not the ones that it was made with
    void make(Connection connection) throws SQLException {
        complete(connection);
        connection.commit();
    }

    /// Does the same and takes it back: a view that nobody has taken yet is not there to be read.
    ///
    /// @throws IllegalStateException as [#make]
    void check(Connection connection) throws SQLException {
        complete(connection);
        connection.rollback();
    }

    private void complete(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!isMade(statement)) {
                lock(connection);
                if (!isMade(statement)) {
                    refuseOtherEncoding(statement);
                    statement.execute("create schema if not exists \"" + schema + '"');
                    fill(connection, statement, 0);
                }
            }
            refuseOtherTables(statement);
        }
    }

    /// Makes the tables anew, empty, with this epoch.
    void makeAnew(Connection connection, long epoch) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            lock(connection);
            statement.execute("drop schema if exists \"" + schema + "\" cascade");
            statement.execute("create schema \"" + schema + '"');
            fill(connection, statement, epoch);
            connection.commit();
        }
    }

    /// Until the transaction ends.
    private void lock(Connection connection) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement(
                        "select pg_advisory_xact_lock(hashtextextended(?, 0))")) {
            lock.setString(1, schema);
            lock.execute();
        }
    }

    /// Asks the catalog's tables: `to_regclass` answers from a cache, in which a wait for the lock
    /// may leave that there was no table before.
    private boolean isMade(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery(
                        """
                        select exists (
                          select from pg_catalog.pg_class c
                          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                          where n.nspname = '%s' and c.relname = 'fakta_view')
                        """
                                .formatted(schema))) {
            return row.next() && row.getBoolean(1);
        }
    }

    /// Byte order is only the same in the same encoding.
    private void refuseOtherEncoding(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("show server_encoding")) {
            if (!row.next() || !row.getString(1).equals("UTF8")) {
                throw new IllegalStateException(view + " needs a database in UTF-8");
            }
        }
    }

    private void fill(Connection connection, Statement statement, long epoch) throws SQLException {
        for (String table : view.tables()) {
            try {
                statement.execute(table);
            } catch (SQLException e) {
                throw new ViewSqlException(view + " fails on: " + table, e);
            }
        }
        for (String change : toByteOrder(statement)) {
            statement.execute(change);
        }
        statement.execute(
                """
                create table fakta_view (
                    one integer primary key,
                    tables text not null,
                    positions text not null,
                    epoch bigint not null,
                    runner text not null,
                    node text not null,
                    backend integer not null,
                    backend_since timestamptz)""");
        statement.execute(
                """
                create table fakta_parked (
                    partition_number integer,
                    record_offset bigint,
                    stream text not null,
                    event text not null,
                    reason text not null,
                    primary key (partition_number, record_offset))""");
        try (PreparedStatement first =
                connection.prepareStatement(
                        "insert into fakta_view values (1, ?, '', ?, '', '', 0, null)")) {
            first.setString(1, tables());
            first.setLong(2, epoch);
            first.executeUpdate();
        }
    }

    /// The statements that give text columns their collation.
    private List<String> toByteOrder(Statement statement) throws SQLException {
        List<String> changes = new ArrayList<>();
        try (ResultSet row =
                statement.executeQuery(
                        """
                        select format('alter table %%I.%%I alter column %%I type %%s collate "C"',
                            n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod))
                        from pg_attribute a
                        join pg_class c on c.oid = a.attrelid
                        join pg_namespace n on n.oid = c.relnamespace
                        where n.nspname = '%s' and c.relkind = 'r' and a.attnum > 0
                            and a.attcollation <> 0 and a.attcollation <> '"C"'::regcollation"""
                                .formatted(schema))) {
            while (row.next()) {
                changes.add(row.getString(1));
            }
        }
        return changes;
    }

    private String tables() {
        return String.join(";\n", view.tables());
    }

    private void refuseOtherTables(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select tables from fakta_view")) {
            if (row.next() && !row.getString(1).equals(tables())) {
                throw new IllegalStateException(
                        view
                                + " has other tables than its schema was made with: raise its version");
            }
        }
    }
}
