-- Cards: what readers are shown of an address. One row for each address, however many updates have it.
CREATE TABLE cards (
    key         INTEGER PRIMARY KEY,
    url         TEXT    NOT NULL UNIQUE,
    status      TEXT    NOT NULL CHECK (status IN ('waiting', 'known', 'failed')),
    -- What its server gave, as text.
    kind        TEXT    NOT NULL,
    site        TEXT,
    title       TEXT,
    description TEXT,
    author      TEXT,
    -- The id of a picture of this server.
    thumbnail   BLOB CHECK (thumbnail IS NULL OR length(thumbnail) = 16),
    attempts    INTEGER NOT NULL DEFAULT 0,
    -- When it is to be looked up: of one that is claimed, when its lease ends.
    due_at      INTEGER,
    -- When the first attempt was made.
    tried_since INTEGER,
    claimed_by  TEXT,
    error       TEXT,
    done_at     INTEGER,
    CHECK ((status = 'waiting') = (done_at IS NULL)),
    CHECK ((status = 'waiting') = (due_at IS NOT NULL))
) STRICT;

CREATE INDEX cards_due ON cards (due_at, key) WHERE status = 'waiting';

-- Which updates have them: published ones, drafts and deleted ones, by the key that an update has in each table.
CREATE TABLE card_uses (
    update_key INTEGER NOT NULL,
    card       INTEGER NOT NULL,
    story      INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    PRIMARY KEY (update_key, card)
) STRICT, WITHOUT ROWID;

CREATE INDEX card_uses_by_card ON card_uses (card);
CREATE INDEX card_uses_by_story ON card_uses (story);

-- The cards of an update as readers see them, a JSON array.
ALTER TABLE updates ADD COLUMN cards TEXT NOT NULL DEFAULT '[]';
-- The number of its last edit, if only its cards have changed since.
ALTER TABLE updates ADD COLUMN edited_seq INTEGER;
