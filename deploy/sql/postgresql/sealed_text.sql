-- Text typed by people, which may be erased without touching an entry.
CREATE TABLE sealed_text (
    institution text COLLATE "C" NOT NULL,
    digest      text COLLATE "C" NOT NULL,
    salt        bytea            NOT NULL CHECK (octet_length(salt) = 32),
    text        text             NOT NULL,
    PRIMARY KEY (institution, digest)
);
