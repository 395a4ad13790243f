-- Who did what and when, written in the transaction of what was done. Never the words: a takedown must be able to erase them.
-- Stories, updates and keys stand by their ids, without references, for the trail outlives them.
CREATE TABLE audit (
    number     INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    -- The public part of the key, and its name at that time.
    actor      TEXT    NOT NULL,
    actor_name TEXT    NOT NULL,
    action     TEXT    NOT NULL,
    story      BLOB,
    update_id  BLOB,
    -- The number that the story's feed came to by it.
    seq        INTEGER,
    -- A JSON array: the members that the request named.
    members    TEXT    NOT NULL,
    detail     TEXT
) STRICT;

CREATE INDEX audit_by_story ON audit (story, number) WHERE story IS NOT NULL;
CREATE INDEX audit_by_actor ON audit (actor, number);

-- To the minute.
ALTER TABLE keys ADD COLUMN last_used_at INTEGER;
