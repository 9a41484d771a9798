// SPDX-License-Identifier: Apache-2.0
package dev.fakta.orders.stock;

import dev.fakta.domain.View;
import dev.fakta.orders.stock.StockItem.Event.StockCounted;

/// What is on hand: one row per sku and location.
public final class StockView {

    public static final View DEFINITION =
            View.named("stock")
                    .version(1)
                    .table(
                            """
                            create table stock (
                                sku text not null,
                                location text not null,
                                on_hand bigint not null,
                                revision bigint not null,
                                primary key (sku, location))""")
                    .on(
                            StockCounted.class,
                            (e, at, sql) ->
                                    sql.run(
                                            """
                                            insert into stock (sku, location, on_hand, revision)
                                            values (?, ?, ?, ?)
                                            on conflict (sku, location) do update set
                                                on_hand = excluded.on_hand,
                                                revision = excluded.revision""",
                                            e.sku(),
                                            e.location(),
                                            e.onHand(),
                                            at.revision()));

    private StockView() {}
}
