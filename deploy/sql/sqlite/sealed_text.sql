-- Text typed by people, which may be erased without touching an entry.
CREATE TABLE sealed_text (
    institution TEXT NOT NULL,
    digest      TEXT NOT NULL,
    salt        BLOB NOT NULL CHECK (length(salt) = 32),
    text        TEXT NOT NULL,
    PRIMARY KEY (institution, digest)
) STRICT;
