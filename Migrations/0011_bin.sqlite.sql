-- Deleted updates, which can be restored until the bin is emptied. They lie apart from `updates` and `drafts`, so that nothing that
-- reads those can come upon them.
CREATE TABLE bin (
    -- Shared with `updates` and `drafts`: reactions, revisions and requests hang on the key and stay where they are.
    key             INTEGER PRIMARY KEY,
    story           INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    id              BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    deleted_at      INTEGER NOT NULL,
    -- The principal who deleted it: public part and name of the API key at that time.
    deleted_by      TEXT    NOT NULL,
    deleted_by_name TEXT    NOT NULL,
    -- The version that it had: of a published update its number, of a draft its epoch and state.
    seq             INTEGER NOT NULL,
    draft_epoch     INTEGER,
    title           TEXT,
    body            TEXT    NOT NULL,
    body_html       TEXT    NOT NULL,
    author          TEXT,
    sources         TEXT    NOT NULL,
    media           TEXT    NOT NULL,
    tags            TEXT    NOT NULL,
    pinned          INTEGER NOT NULL CHECK (pinned IN (0, 1)),
    key_event       INTEGER NOT NULL CHECK (key_event IN (0, 1)),
    edited          INTEGER NOT NULL CHECK (edited IN (0, 1)),
    occurred_at     INTEGER,
    published_at    INTEGER,
    publish_at      INTEGER,
    created_at      INTEGER NOT NULL,
    modified_at     INTEGER NOT NULL,
    stricken_reason TEXT,
    stricken_at     INTEGER,
    -- Of one that readers have seen: the number with which they first did, and that of its tombstone.
    first_seq       INTEGER,
    removed_seq     INTEGER,
    CHECK ((first_seq IS NULL) = (removed_seq IS NULL)),
    -- It was published, or a draft.
    CHECK ((published_at IS NULL) = (draft_epoch IS NOT NULL)),
    CHECK (published_at IS NULL OR first_seq IS NOT NULL)
) STRICT;

CREATE INDEX bin_by_story ON bin (story, deleted_at, id);
CREATE INDEX bin_by_age ON bin (deleted_at);

-- A former slug stays its story's. Without a story it is reserved: it was freed, or its story is gone. Whoever names it may have it,
-- but no story is given it by itself.
CREATE TABLE new_former_slugs (
    slug  TEXT    PRIMARY KEY,
    story INTEGER REFERENCES stories (key) ON DELETE SET NULL,
    -- Since when it is a former one.
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO new_former_slugs SELECT slug, story, since FROM former_slugs
WHERE slug NOT IN (SELECT slug FROM stories);

DROP TABLE former_slugs;
ALTER TABLE new_former_slugs RENAME TO former_slugs;
CREATE INDEX former_slugs_by_story ON former_slugs (story) WHERE story IS NOT NULL;

-- Of stories that are gone the audit trail knows the last slug.
INSERT OR IGNORE INTO former_slugs (slug, story, since) SELECT detail, NULL, at FROM audit
WHERE action = 'story.delete' AND detail IS NOT NULL AND detail NOT IN (SELECT slug FROM stories);
