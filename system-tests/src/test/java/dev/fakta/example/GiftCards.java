// SPDX-License-Identifier: Apache-2.0
package dev.fakta.example;

import dev.fakta.domain.Microsystem;
import dev.fakta.domain.View;
import dev.fakta.example.GiftCard.Command.Issue;
import dev.fakta.example.GiftCard.Command.Spend;
import dev.fakta.example.GiftCard.Command.TopUp;
import dev.fakta.example.GiftCard.Event.Issued;
import dev.fakta.example.GiftCard.Event.Spent;
import dev.fakta.example.GiftCard.Event.ToppedUp;
import dev.fakta.gateway.Fakta;
import dev.fakta.gateway.Page;
import dev.fakta.gateway.Query;
import dev.fakta.gateway.Routes;
import dev.fakta.runtime.Versioned;
import java.util.Objects;

/// Gift cards: their list, their routes and their `main`.
public final class GiftCards {

    private static final String CHANGE = "update gift_card set balance = balance + ? where id = ?";

    static final View VIEW =
            View.named("gift-cards")
                    .table("create table gift_card (id text primary key, balance bigint not null)")
                    // region further-command
                    .on(ToppedUp.class, (e, at, sql) -> sql.run(CHANGE, e.amount(), at.id()))
                    // endregion
                    .on(Spent.class, (e, at, sql) -> sql.run(CHANGE, -e.amount(), at.id()))
                    .on(
                            Issued.class,
                            (e, at, sql) ->
                                    sql.run(
                                            "insert into gift_card (id, balance) values (?, ?)",
                                            at.id(),
                                            e.amount()));

    static final Microsystem MICROSYSTEM =
            Microsystem.named("gift-cards").with(GiftCard.AGGREGATE).with(VIEW);

    private GiftCards() {}

    // region routes
    static void routes(Routes http) {
        http.resource("/gift-cards", GiftCard.AGGREGATE, Shown::of)
                .put("/gift-cards/{id}", Issue.class, GiftCard.AGGREGATE)
                .post("/gift-cards/{id}/spendings", Spend.class, GiftCard.AGGREGATE)
                // region further-command
                .post("/gift-cards/{id}/top-ups", TopUp.class, GiftCard.AGGREGATE)
                // endregion
                .get("/gift-cards", VIEW, GiftCards::page);
    }

    // endregion

    // region page
    record Shown(String id, long balance) {
        static Shown of(Versioned<GiftCard> card) {
            return new Shown(card.id(), card.state().balance());
        }
    }

    private static Page<Shown> page(Query query) {
        return query.page(
                "select * from gift_card where balance > ? and id > ? order by id limit ?",
                row -> new Shown(row.text("id"), row.number("balance")),
                Shown::id,
                query.number("above", 0, 0, Long.MAX_VALUE),
                Objects.requireNonNullElse(query.text("after"), ""));
    }

    // endregion

    public static void main(String[] args) {
        Fakta.run(args, MICROSYSTEM, GiftCards::routes);
    }
}
