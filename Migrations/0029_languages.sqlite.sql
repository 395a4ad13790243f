-- The languages of stories and updates (BCP 47), and the time zones of stories (IANA); NULL where they are not known.
ALTER TABLE stories ADD COLUMN language TEXT;
ALTER TABLE stories ADD COLUMN time_zone TEXT;
ALTER TABLE updates ADD COLUMN language TEXT;
ALTER TABLE drafts ADD COLUMN language TEXT;
ALTER TABLE bin ADD COLUMN language TEXT;
ALTER TABLE revisions ADD COLUMN language TEXT;
