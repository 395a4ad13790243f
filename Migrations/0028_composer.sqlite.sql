-- Unfinished texts of composers, each seen by the holder of one key only.
CREATE TABLE autosaves (
    key      INTEGER PRIMARY KEY,
    story    INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    -- The id of the API key.
    holder   TEXT    NOT NULL,
    -- The idempotency key that the text will be published with.
    name     TEXT    NOT NULL,
    content  TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    UNIQUE (story, holder, name)
) STRICT;

CREATE INDEX autosaves_by_age ON autosaves (saved_at);

-- Texts that editors insert: one list for all stories.
CREATE TABLE snippets (
    position INTEGER PRIMARY KEY,
    name     TEXT    NOT NULL,
    text     TEXT    NOT NULL,
    -- That of the list, the same in all rows.
    version  INTEGER NOT NULL
) STRICT;
