-- The request that made an update, so that a repeat of it is known after the update was taken down. Gone with the update.
CREATE TABLE update_requests (
    story       INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    update_key  INTEGER NOT NULL,
    -- SHA-256 of method, target, content type and body.
    fingerprint BLOB    NOT NULL,
    -- Its place in the batch or document, from 0.
    member      INTEGER NOT NULL,
    PRIMARY KEY (story, update_key)
) STRICT, WITHOUT ROWID;

-- What was taken down, kept for good and without a word of it. No references: it outlives update and story.
CREATE TABLE takedowns (
    update_id   BLOB    PRIMARY KEY CHECK (length(update_id) = 16),
    story       BLOB    NOT NULL,
    -- NULL where the request is not known.
    fingerprint BLOB,
    member      INTEGER NOT NULL DEFAULT 0,
    at          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX takedowns_by_fingerprint ON takedowns (fingerprint, member) WHERE fingerprint IS NOT NULL;

INSERT OR IGNORE INTO takedowns (update_id, story, at)
SELECT t.id, s.id, coalesce(t.removed_at, s.active_at) FROM tombstones AS t JOIN stories AS s ON s.key = t.story
WHERE t.reason = 'takedown';

-- Of drafts, and of stories that are gone, the audit trail knows.
INSERT OR IGNORE INTO takedowns (update_id, story, at)
SELECT update_id, story, at FROM audit
WHERE action = 'update.takedown' AND length(update_id) = 16 AND story IS NOT NULL;

-- Slugs that stories had before: caches may hold pages under them.
CREATE TABLE former_slugs (
    slug  TEXT    PRIMARY KEY,
    story INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    -- When the story got another one.
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX former_slugs_by_story ON former_slugs (story);

-- Responses to callers without an API key are numbered, so that the oldest can go when there are too many. The holder of
-- those before was the same for all callers.
DELETE FROM answers WHERE holder = '';
ALTER TABLE answers ADD COLUMN number INTEGER;
-- Whether a takedown has erased the response. Such a row is never too old.
ALTER TABLE answers ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;

CREATE INDEX answers_by_number ON answers (number) WHERE number IS NOT NULL;
CREATE INDEX answers_by_network ON answers (holder, number) WHERE number IS NOT NULL;
