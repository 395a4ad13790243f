-- The SQLite migration 18, for PostgreSQL. Media assets: pictures uploaded to this server. Their files lie in a folder.
CREATE TABLE media_assets (
    -- Made of the uploaded bytes.
    id          BYTEA  PRIMARY KEY CHECK (length(id) = 16),
    type        TEXT COLLATE "C" NOT NULL CHECK (type IN ('image/jpeg', 'image/png', 'image/webp', 'image/gif')),
    bytes       BIGINT NOT NULL CHECK (bytes > 0),
    width       BIGINT NOT NULL CHECK (width > 0),
    height      BIGINT NOT NULL CHECK (height > 0),
    color       TEXT COLLATE "C" NOT NULL,
    animated    BIGINT NOT NULL CHECK (animated IN (0, 1)),
    folder      TEXT COLLATE "C" NOT NULL UNIQUE,
    -- A JSON array: name, type, bytes and checksum of each file.
    variants    TEXT COLLATE "C" NOT NULL,
    -- The bytes of all files.
    total_bytes BIGINT NOT NULL CHECK (total_bytes >= bytes),
    created_at  BIGINT NOT NULL,
    -- When the same bytes were uploaded last.
    uploaded_at BIGINT NOT NULL
);

-- Who refers to an asset, also by its address in a body: whether that exists or not, as a body may name any. Follows from the rows of
-- `updates`, `drafts`, `bin`, `revisions` and `stories`; here, so that no search for a use has to read them.
CREATE TABLE media_uses (
    story      BIGINT NOT NULL,
    -- Of `updates`, `drafts` and `bin`, between which an update moves with its key; 0 is the story itself.
    update_key BIGINT NOT NULL,
    -- Of a revision; 0 is the present state.
    seq        BIGINT NOT NULL,
    asset      BYTEA  NOT NULL CHECK (length(asset) = 16),
    PRIMARY KEY (story, update_key, seq, asset)
);

CREATE INDEX media_uses_by_asset ON media_uses (asset);

CREATE FUNCTION delete_media_uses_of_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM media_uses WHERE story = old.story AND update_key = old.update_key AND seq = old.seq;
    RETURN NULL;
END $$;

CREATE TRIGGER media_uses_go_with_revisions AFTER DELETE ON revisions
    FOR EACH ROW EXECUTE FUNCTION delete_media_uses_of_revision();

CREATE FUNCTION delete_media_uses_of_story() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM media_uses WHERE story = old.key;
    RETURN NULL;
END $$;

CREATE TRIGGER media_uses_go_with_stories AFTER DELETE ON stories
    FOR EACH ROW EXECUTE FUNCTION delete_media_uses_of_story();

-- The picture that stands for a story.
ALTER TABLE stories ADD COLUMN image_url TEXT COLLATE "C";
ALTER TABLE stories ADD COLUMN image_alt TEXT COLLATE "C";
ALTER TABLE stories ADD COLUMN image_caption TEXT COLLATE "C";
ALTER TABLE stories ADD COLUMN image_credit TEXT COLLATE "C";
ALTER TABLE stories ADD COLUMN image_width BIGINT;
ALTER TABLE stories ADD COLUMN image_height BIGINT;
ALTER TABLE stories ADD COLUMN image_focus_x BIGINT;
ALTER TABLE stories ADD COLUMN image_focus_y BIGINT;
ALTER TABLE stories ADD COLUMN image_color TEXT COLLATE "C";
ALTER TABLE stories ADD COLUMN image_animated BIGINT CHECK (image_animated IN (0, 1));
