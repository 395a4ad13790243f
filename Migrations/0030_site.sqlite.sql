-- The settings of the site: a JSON document, every state of which is a revision. The present one is the last; without any, nothing is set.
CREATE TABLE site_revisions (
    number     INTEGER PRIMARY KEY CHECK (number > 0),
    settings   TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    actor      TEXT    NOT NULL,
    actor_name TEXT    NOT NULL
) STRICT;

-- The media assets that a revision uses, so that they are kept as long as it is.
CREATE TABLE site_media (
    revision INTEGER NOT NULL REFERENCES site_revisions (number) ON DELETE CASCADE,
    asset    BLOB    NOT NULL CHECK (length(asset) = 16),
    PRIMARY KEY (revision, asset)
) STRICT, WITHOUT ROWID;

CREATE INDEX site_media_by_asset ON site_media (asset);

-- Fonts of the site, with their bytes: few and small, so that every node and every backup has them.
CREATE TABLE site_fonts (
    id         BLOB    PRIMARY KEY CHECK (length(id) = 16),
    name       TEXT    NOT NULL,
    content    BLOB    NOT NULL,
    variable   INTEGER NOT NULL CHECK (variable IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;

-- The variation of the site's look in which a story is shown.
ALTER TABLE stories ADD COLUMN theme TEXT NOT NULL DEFAULT 'none';
