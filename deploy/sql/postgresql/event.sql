-- One row for each entry of a log.
CREATE TABLE event (
    institution  text COLLATE "C" NOT NULL,
    position     bigint           NOT NULL CHECK (position > 0),
    stream       text COLLATE "C" NOT NULL,
    version      bigint           NOT NULL CHECK (version > 0),
    fiscal_year  bigint,
    type         text             NOT NULL,
    recorded_at  timestamptz      NOT NULL,
    effective_on date             NOT NULL,
    origin       text             NOT NULL,
    actor_id     text             NOT NULL,
    actor_role   text             NOT NULL,
    actor_unit   text,
    command_id   text COLLATE "C" NOT NULL,
    idx          bigint           NOT NULL,
    causation    bigint,
    correlation  text COLLATE "C",
    payload      bytea            NOT NULL,
    leaf_hash    bytea            NOT NULL CHECK (octet_length(leaf_hash) = 32),
    PRIMARY KEY (institution, position),
    UNIQUE (institution, stream, version)
);

CREATE INDEX event_cycle ON event (institution, correlation, position) WHERE correlation IS NOT NULL;

CREATE INDEX event_time ON event (institution, recorded_at, position);
