-- SPDX-License-Identifier: Apache-2.0
create table if not exists product (
    sku     varchar(64)  primary key,
    name    varchar(255) not null,
    version integer      not null
);

create table if not exists product_price (
    product_sku varchar(64) not null references product,
    currency    char(3)     not null,
    minor       bigint      not null,
    primary key (product_sku, currency)
);

create table if not exists purchase_order (
    id             uuid         primary key,
    version        integer      not null,
    status         varchar(16)  not null,
    customer_id    varchar(64)  not null,
    email          varchar(255) not null,
    currency       char(3)      not null,
    method         varchar(32)  not null,
    name           varchar(255) not null,
    line1          varchar(255) not null,
    city           varchar(255) not null,
    postal_code    varchar(32)  not null,
    country        char(2)      not null,
    payment_method varchar(32)  not null,
    payment_token  varchar(255) not null,
    items_minor    bigint       not null,
    shipping_minor bigint       not null,
    tax_minor      bigint       not null,
    grand_minor    bigint       not null,
    placed_at      timestamptz  not null
);

create index if not exists purchase_order_customer on purchase_order (customer_id, placed_at);

create table if not exists order_line (
    id         uuid        primary key,
    order_id   uuid        not null references purchase_order,
    position   integer     not null,
    sku        varchar(64) not null references product,
    quantity   integer     not null,
    unit_minor bigint      not null
);

create index if not exists order_line_order on order_line (order_id);
