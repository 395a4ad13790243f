-- The form of the HTML of bodies, by version and public origin, and how far they were rendered anew in it: up to these keys.
CREATE TABLE markup (
    one        INTEGER PRIMARY KEY CHECK (one = 1),
    form       INTEGER NOT NULL,
    updates_to INTEGER NOT NULL,
    drafts_to  INTEGER NOT NULL,
    bin_to     INTEGER NOT NULL
) STRICT;

INSERT INTO markup (one, form, updates_to, drafts_to, bin_to) VALUES (1, 0, -1, -1, -1);
