-- Who has the form of an update open: one row for each open form, renewed while it is open and dropped soon after.
CREATE TABLE presences (
    key         INTEGER PRIMARY KEY,
    story       INTEGER NOT NULL REFERENCES stories (key) ON DELETE CASCADE,
    update_id   BLOB    NOT NULL,
    -- The id of the API key, and its name at that time.
    holder      TEXT    NOT NULL,
    holder_name TEXT    NOT NULL,
    -- The name that the program gives the form.
    name        TEXT    NOT NULL,
    since       INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL,
    UNIQUE (story, update_id, holder, name)
) STRICT;

CREATE INDEX presences_by_age ON presences (seen_at);

-- Who changed an update, and who changed it last.
CREATE INDEX audit_by_update ON audit (update_id, number) WHERE update_id IS NOT NULL;
