-- The rows that append_group takes; services/event_log/postgres_rows.py writes them. `checked` counts from 1 within a batch:
-- guards first, then written streams.
CREATE TYPE append_command AS (command_id text, digest text, events bigint, versions text);

CREATE TYPE append_check AS (command_id text, checked bigint, stream text, expected bigint);

CREATE TYPE append_event AS (
    stream text, version bigint, fiscal_year bigint, type text, given timestamptz, effective_on date, origin text,
    actor_id text, actor_role text, actor_unit text, command_id text, idx bigint, causation bigint, correlation text,
    payload bytea, leaf_middle bytea, leaf_end bytea
);

CREATE TYPE append_text AS (command_id text, digest text, salt bytea, text text);
