-- What readers are sent of an update, made when it was written: a page of a story is these put together. The key is the
-- story's key in the upper 32 bits and the update's first_seq in the lower, so that the updates of a story lie side by side in
-- the order in which they came, and a page of them takes few pages of the file. One that is missing, or of another form than
-- the program's, is made of its update when it is read.
CREATE TABLE renditions (
    key   INTEGER PRIMARY KEY,
    form  INTEGER NOT NULL,
    bytes BLOB    NOT NULL
) STRICT;

CREATE TRIGGER renditions_go_with_updates AFTER DELETE ON updates BEGIN
    DELETE FROM renditions WHERE key = (old.story << 32) | old.first_seq;
END;

-- With all that the choice of a page's updates needs, so that it touches no row of `updates`.
DROP INDEX updates_by_time;
CREATE INDEX updates_by_time ON updates (story, published_at, id, first_seq);
