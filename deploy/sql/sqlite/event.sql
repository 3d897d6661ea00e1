-- One row for each entry of a log. Positions come from log_head, never from the row id.
CREATE TABLE event (
    institution  TEXT    NOT NULL,
    position     INTEGER NOT NULL CHECK (position > 0),
    stream       TEXT    NOT NULL,
    version      INTEGER NOT NULL CHECK (version > 0),
    fiscal_year  INTEGER,
    type         TEXT    NOT NULL,
    recorded_at  INTEGER NOT NULL, -- microseconds since 1970, UTC
    effective_on TEXT    NOT NULL, -- YYYY-MM-DD
    origin       TEXT    NOT NULL,
    actor_id     TEXT    NOT NULL,
    actor_role   TEXT    NOT NULL,
    actor_unit   TEXT,
    command_id   TEXT    NOT NULL,
    idx          INTEGER NOT NULL,
    causation    INTEGER,
    correlation  TEXT,
    payload      BLOB    NOT NULL,
    leaf_hash    BLOB    NOT NULL CHECK (length(leaf_hash) = 32),
    PRIMARY KEY (institution, position),
    UNIQUE (institution, stream, version)
) STRICT;

CREATE INDEX event_cycle ON event (institution, correlation, position) WHERE correlation IS NOT NULL;

CREATE INDEX event_time ON event (institution, recorded_at, position);
