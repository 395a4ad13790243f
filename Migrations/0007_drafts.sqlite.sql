-- Updates that no reader sees: drafts, those that wait for their time, and those that were taken back. They lie apart from
-- `updates`, so that nothing that is read for readers can come upon them.
CREATE TABLE drafts (
    -- Shared with `updates`: what hangs on the key of an update stays with it when it goes from one table to the other.
    key             INTEGER PRIMARY KEY,
    story           INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    id              BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    -- Its states are counted apart from the story's numbers, which readers see: this time as a draft, and which state of it.
    epoch           INTEGER NOT NULL,
    state           INTEGER NOT NULL,
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
    publish_at      INTEGER,
    created_at      INTEGER NOT NULL,
    modified_at     INTEGER NOT NULL,
    stricken_reason TEXT,
    stricken_at     INTEGER,
    -- Of one that readers have seen: the number with which they first did, and that of its removal.
    first_seq       INTEGER,
    removed_seq     INTEGER,
    CHECK ((first_seq IS NULL) = (removed_seq IS NULL))
) STRICT;

CREATE INDEX drafts_by_story ON drafts (story, id);
CREATE INDEX drafts_due ON drafts (publish_at, key) WHERE publish_at IS NOT NULL;

-- Former states outlive the move of their update between the two tables; they go when the update does, or the story.
CREATE TABLE new_revisions (
    story           INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    update_key      INTEGER NOT NULL,
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
    published_at    INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    modified_at     INTEGER NOT NULL,
    stricken_reason TEXT,
    stricken_at     INTEGER,
    PRIMARY KEY (update_key, seq)
) STRICT;

INSERT INTO new_revisions
SELECT u.story, r.update_key, r.seq, r.title, r.body, r.body_html, r.author, r.sources, r.media, r.tags, r.pinned,
    r.key_event, r.edited, r.occurred_at, u.published_at, u.created_at, r.modified_at, r.stricken_reason, r.stricken_at
FROM revisions AS r JOIN updates AS u ON u.key = r.update_key;

DROP TABLE revisions;
ALTER TABLE new_revisions RENAME TO revisions;
CREATE INDEX revisions_by_story ON revisions (story);
