-- The first result of each command that appended something; versions is [[stream, version], …] as JSON.
CREATE TABLE command (
    institution    TEXT    NOT NULL,
    command_id     TEXT    NOT NULL,
    digest         TEXT    NOT NULL,
    first_position INTEGER NOT NULL,
    last_position  INTEGER NOT NULL,
    versions       TEXT    NOT NULL,
    PRIMARY KEY (institution, command_id)
) STRICT, WITHOUT ROWID;
