-- The first result of each command that appended something; versions is [[stream, version], …] as JSON.
CREATE TABLE command (
    institution    text COLLATE "C" NOT NULL,
    command_id     text COLLATE "C" NOT NULL,
    digest         text             NOT NULL,
    first_position bigint           NOT NULL,
    last_position  bigint           NOT NULL,
    versions       text             NOT NULL,
    PRIMARY KEY (institution, command_id)
);
