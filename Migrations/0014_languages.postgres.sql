-- The SQLite migration 29, for PostgreSQL: languages and time zones.
ALTER TABLE stories ADD COLUMN language TEXT COLLATE "C";
ALTER TABLE stories ADD COLUMN time_zone TEXT COLLATE "C";
ALTER TABLE updates ADD COLUMN language TEXT COLLATE "C";
ALTER TABLE drafts ADD COLUMN language TEXT COLLATE "C";
ALTER TABLE bin ADD COLUMN language TEXT COLLATE "C";
ALTER TABLE revisions ADD COLUMN language TEXT COLLATE "C";
