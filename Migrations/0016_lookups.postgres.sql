-- As migration 31 of SQLite.
CREATE INDEX tombstones_by_update ON tombstones (id, story);
CREATE INDEX updates_by_author ON updates (story, author, published_at, id) WHERE author IS NOT NULL;
