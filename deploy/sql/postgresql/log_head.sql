-- The last position of each institution and its time: the lock and the counter of its log. The row is rewritten by every
-- append, so its page keeps room for new versions of it.
CREATE TABLE log_head (
    institution text COLLATE "C" NOT NULL PRIMARY KEY,
    position    bigint           NOT NULL,
    recorded_at timestamptz      NOT NULL
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
