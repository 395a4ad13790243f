-- When an update was removed: feeds tell of it with its time (RFC 6721).
ALTER TABLE tombstones ADD COLUMN removed_at INTEGER;

-- Of those before, the time is not known; not later than the last activity of the story.
UPDATE tombstones SET removed_at = (SELECT active_at FROM stories WHERE key = tombstones.story);
