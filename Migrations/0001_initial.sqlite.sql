-- Times are milliseconds since 1970-01-01T00:00:00Z, ids the sixteen bytes of a UUID, lists JSON arrays.
-- Children refer to their story by its small internal key, so that a row of the feed stays short.

-- One row: the life of this database.
CREATE TABLE life (
    only_row   INTEGER PRIMARY KEY CHECK (only_row = 1),
    -- Mixed into every cursor. A new one is drawn when the database is created or restored.
    epoch      INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE stories (
    key            INTEGER PRIMARY KEY,
    id             BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    slug           TEXT    NOT NULL UNIQUE,
    -- The life of the story: a story that is deleted and imported again has another.
    epoch          INTEGER NOT NULL,
    -- The number given last, and the numbers of the last change of its own members and of its links.
    seq            INTEGER NOT NULL,
    own_seq        INTEGER NOT NULL,
    links_seq      INTEGER NOT NULL,
    update_count   INTEGER NOT NULL DEFAULT 0 CHECK (update_count >= 0),
    title          TEXT    NOT NULL,
    summary        TEXT,
    section        TEXT    NOT NULL,
    byline         TEXT,
    key_points     TEXT    NOT NULL,
    tags           TEXT    NOT NULL,
    status         TEXT    NOT NULL CHECK (status IN ('draft', 'live', 'closed')),
    source_name    TEXT,
    source_url     TEXT,
    source_date    INTEGER,
    coverage_start INTEGER,
    coverage_end   INTEGER,
    published_at   INTEGER,
    created_at     INTEGER NOT NULL,
    modified_at    INTEGER NOT NULL,
    -- When anything of the story last changed: the order of the list of stories.
    active_at      INTEGER NOT NULL,
    CHECK (own_seq <= seq AND links_seq <= seq)
) STRICT;

CREATE INDEX stories_by_activity ON stories (active_at, id);

CREATE TABLE updates (
    key          INTEGER PRIMARY KEY,
    story        INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    id           BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    -- The number of its last change, and the number with which readers first saw it.
    seq          INTEGER NOT NULL,
    first_seq    INTEGER NOT NULL CHECK (first_seq <= seq),
    title        TEXT,
    body         TEXT    NOT NULL,
    body_html    TEXT    NOT NULL,
    author       TEXT,
    sources      TEXT    NOT NULL,
    media        TEXT    NOT NULL,
    tags         TEXT    NOT NULL,
    pinned       INTEGER NOT NULL CHECK (pinned IN (0, 1)),
    key_event    INTEGER NOT NULL CHECK (key_event IN (0, 1)),
    edited       INTEGER NOT NULL CHECK (edited IN (0, 1)),
    occurred_at  INTEGER,
    published_at INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    modified_at  INTEGER NOT NULL,
    UNIQUE (story, seq)
) STRICT;

CREATE INDEX updates_by_time ON updates (story, published_at, id);
CREATE INDEX updates_pinned ON updates (story, published_at, id) WHERE pinned = 1;
CREATE INDEX updates_key_events ON updates (story, published_at, id) WHERE key_event = 1;

-- The tags of updates once more, in the order in which a tag's updates are read.
CREATE TABLE update_tags (
    story        INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    tag          TEXT    NOT NULL,
    published_at INTEGER NOT NULL,
    id           BLOB    NOT NULL,
    update_key   INTEGER NOT NULL REFERENCES updates (key) ON DELETE CASCADE,
    PRIMARY KEY (story, tag, published_at, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX update_tags_by_update ON update_tags (update_key);

-- What was removed, so that every open page hears of it. Kept as long as the story.
CREATE TABLE tombstones (
    story  INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    seq    INTEGER NOT NULL,
    id     BLOB    NOT NULL,
    reason TEXT    NOT NULL,
    PRIMARY KEY (story, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
    story    INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    kind     TEXT    NOT NULL,
    position INTEGER NOT NULL,
    title    TEXT    NOT NULL,
    url      TEXT,
    -- The id of a story here; no reference, because imported lists may name stories of elsewhere.
    target   BLOB,
    image    TEXT,
    PRIMARY KEY (story, kind, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX links_by_target ON links (target) WHERE target IS NOT NULL;

-- How often each kind was given: to the story (update_key 0) or to one of its updates.
CREATE TABLE reactions (
    story      INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    update_key INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    count      INTEGER NOT NULL CHECK (count >= 0),
    PRIMARY KEY (story, update_key, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (
    key        INTEGER PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    role       TEXT    NOT NULL CHECK (role IN ('editor', 'admin')),
    -- Whether the key reaches only the stories in key_stories. If all of those are deleted it reaches none.
    bound      INTEGER NOT NULL CHECK (bound IN (0, 1)),
    hash       BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

CREATE TABLE key_stories (
    key   INTEGER NOT NULL REFERENCES keys (key) ON DELETE CASCADE,
    story INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    PRIMARY KEY (key, story)
) STRICT, WITHOUT ROWID;

CREATE INDEX key_stories_by_story ON key_stories (story);
