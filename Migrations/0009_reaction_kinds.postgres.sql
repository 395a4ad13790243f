-- The kinds of reaction of a story, as a JSON array of names; NULL: all of the server's.
ALTER TABLE stories ADD COLUMN reaction_kinds TEXT;
