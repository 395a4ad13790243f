-- Who has reacted, so that each visitor counts once: not by name, but as an HMAC of it under a secret of this database.
CREATE TABLE visitors (
    story      INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    -- 0: the story itself, as in reactions.
    update_key INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    visitor    BLOB    NOT NULL,
    PRIMARY KEY (story, update_key, kind, visitor)
) STRICT, WITHOUT ROWID;

CREATE TABLE secrets (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    visitors BLOB NOT NULL
) STRICT;
