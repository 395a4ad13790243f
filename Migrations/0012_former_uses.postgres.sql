-- The SQLite migration 27, for PostgreSQL.
-- Former states recorded their uses of pictures under the number of a card's arrival, if one had come since their edit. They have their own
-- numbers now; uses by former states that are gone go, too.
DELETE FROM media_uses WHERE seq <> 0 AND NOT EXISTS (
    SELECT 1 FROM revisions AS r WHERE r.update_key = media_uses.update_key AND r.seq <= media_uses.seq);

UPDATE media_uses SET seq = (
    SELECT max(r.seq) FROM revisions AS r WHERE r.update_key = media_uses.update_key AND r.seq <= media_uses.seq)
WHERE seq <> 0 AND NOT EXISTS (
    SELECT 1 FROM revisions AS r WHERE r.update_key = media_uses.update_key AND r.seq = media_uses.seq);
