-- SPDX-License-Identifier: Apache-2.0
-- What Pekko Persistence JDBC expects of a PostgreSQL journal. Its snapshot tables are missing:
-- an order has few events, none is ever taken.
create table if not exists event_journal (
    ordering           bigserial,
    persistence_id     varchar(255) not null,
    sequence_number    bigint       not null,
    deleted            boolean      not null default false,
    writer             varchar(255) not null,
    write_timestamp    bigint,
    adapter_manifest   varchar(255),
    event_ser_id       integer      not null,
    event_ser_manifest varchar(255) not null,
    event_payload      bytea        not null,
    meta_ser_id        integer,
    meta_ser_manifest  varchar(255),
    meta_payload       bytea,
    primary key (persistence_id, sequence_number)
);

create unique index if not exists event_journal_ordering_idx on event_journal (ordering);

create table if not exists event_tag (
    event_id        bigint,
    persistence_id  varchar(255),
    sequence_number bigint,
    tag             varchar(256),
    primary key (persistence_id, sequence_number, tag),
    foreign key (persistence_id, sequence_number)
        references event_journal (persistence_id, sequence_number) on delete cascade
);
