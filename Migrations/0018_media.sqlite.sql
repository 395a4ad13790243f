-- Media assets: pictures uploaded to this server. Their files lie in a folder beside the database.
CREATE TABLE media_assets (
    -- Made of the uploaded bytes.
    id          BLOB    PRIMARY KEY CHECK (length(id) = 16),
    type        TEXT    NOT NULL CHECK (type IN ('image/jpeg', 'image/png', 'image/webp', 'image/gif')),
    bytes       INTEGER NOT NULL CHECK (bytes > 0),
    width       INTEGER NOT NULL CHECK (width > 0),
    height      INTEGER NOT NULL CHECK (height > 0),
    color       TEXT    NOT NULL,
    animated    INTEGER NOT NULL CHECK (animated IN (0, 1)),
    folder      TEXT    NOT NULL UNIQUE,
    -- A JSON array: name, type, bytes and checksum of each file.
    variants    TEXT    NOT NULL,
    -- The bytes of all files.
    total_bytes INTEGER NOT NULL CHECK (total_bytes >= bytes),
    created_at  INTEGER NOT NULL,
    -- When the same bytes were uploaded last.
    uploaded_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who refers to an asset, also by its address in a body: whether that exists or not, as a body may name any. Follows from the rows of
-- `updates`, `drafts`, `bin`, `revisions` and `stories`; here, so that no search for a use has to read them.
CREATE TABLE media_uses (
    story      INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    -- Of `updates`, `drafts` and `bin`, between which an update moves with its key; 0 is the story itself.
    update_key INTEGER NOT NULL,
    -- Of a revision; 0 is the present state.
    seq        INTEGER NOT NULL,
    asset      BLOB    NOT NULL CHECK (length(asset) = 16),
    PRIMARY KEY (story, update_key, seq, asset)
) STRICT, WITHOUT ROWID;

CREATE INDEX media_uses_by_asset ON media_uses (asset);

CREATE TRIGGER media_uses_go_with_revisions AFTER DELETE ON revisions BEGIN
    DELETE FROM media_uses WHERE story = old.story AND update_key = old.update_key AND seq = old.seq;
END;

-- The picture that stands for a story.
ALTER TABLE stories ADD COLUMN image_url TEXT;
ALTER TABLE stories ADD COLUMN image_alt TEXT;
ALTER TABLE stories ADD COLUMN image_caption TEXT;
ALTER TABLE stories ADD COLUMN image_credit TEXT;
ALTER TABLE stories ADD COLUMN image_width INTEGER;
ALTER TABLE stories ADD COLUMN image_height INTEGER;
ALTER TABLE stories ADD COLUMN image_focus_x INTEGER;
ALTER TABLE stories ADD COLUMN image_focus_y INTEGER;
ALTER TABLE stories ADD COLUMN image_color TEXT;
ALTER TABLE stories ADD COLUMN image_animated INTEGER CHECK (image_animated IN (0, 1));
