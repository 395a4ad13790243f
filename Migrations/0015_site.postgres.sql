-- The SQLite migration 30, for PostgreSQL. The settings of the site: a JSON document, every state of which is a revision. The present
-- one is the last; without any, nothing is set.
CREATE TABLE site_revisions (
    number     BIGINT PRIMARY KEY CHECK (number > 0),
    settings   TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL,
    actor      TEXT COLLATE "C" NOT NULL,
    actor_name TEXT COLLATE "C" NOT NULL
);

-- The media assets that a revision uses, so that they are kept as long as it is.
CREATE TABLE site_media (
    revision BIGINT NOT NULL REFERENCES site_revisions (number) ON DELETE CASCADE,
    asset    BYTEA  NOT NULL CHECK (length(asset) = 16),
    PRIMARY KEY (revision, asset)
);

CREATE INDEX site_media_by_asset ON site_media (asset);

-- Fonts of the site, with their bytes: few and small, so that every node and every backup has
-- them.
CREATE TABLE site_fonts (
    id         BYTEA  PRIMARY KEY CHECK (length(id) = 16),
    name       TEXT COLLATE "C" NOT NULL,
    content    BYTEA  NOT NULL,
    variable   BIGINT NOT NULL CHECK (variable IN (0, 1)),
    created_at BIGINT NOT NULL
);

-- The variation of the site's look in which a story is shown.
ALTER TABLE stories ADD COLUMN theme TEXT COLLATE "C" NOT NULL DEFAULT 'none';
