-- The last position of each institution and its time.
CREATE TABLE log_head (
    institution TEXT    NOT NULL PRIMARY KEY,
    position    INTEGER NOT NULL CHECK (position > 0),
    recorded_at INTEGER NOT NULL -- microseconds since 1970, UTC
) STRICT, WITHOUT ROWID;
