-- Corrections in the open, and those that must leave no trace.

-- A retraction that readers see: why, and since when.
ALTER TABLE updates ADD COLUMN stricken_reason TEXT;
ALTER TABLE updates ADD COLUMN stricken_at INTEGER;

-- What an update was before each of its changes, for those who write. Gone with the update.
CREATE TABLE revisions (
    update_key      INTEGER NOT NULL REFERENCES updates (key) ON DELETE CASCADE,
    seq             INTEGER NOT NULL,
    title           TEXT,
    body            TEXT    NOT NULL,
    body_html       TEXT    NOT NULL,
    author          TEXT,
    sources         TEXT    NOT NULL,
    media           TEXT    NOT NULL,
    tags            TEXT    NOT NULL,
    pinned          INTEGER NOT NULL,
    key_event       INTEGER NOT NULL,
    edited          INTEGER NOT NULL,
    occurred_at     INTEGER,
    modified_at     INTEGER NOT NULL,
    stricken_reason TEXT,
    stricken_at     INTEGER,
    PRIMARY KEY (update_key, seq)
) STRICT;

-- Why an update was taken down, for those who write.
ALTER TABLE tombstones ADD COLUMN detail TEXT;
