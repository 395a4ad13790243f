-- Notes by which editors hand a story over to each other; readers never see them. The last one of a story holds; an empty one clears it.
CREATE TABLE story_notes (
    story       INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    text        TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    author      TEXT    NOT NULL,
    author_name TEXT    NOT NULL,
    PRIMARY KEY (story, number)
) STRICT, WITHOUT ROWID;
